"""Who is there: sign-in, second factor, the council's single sign-on, sessions and their end."""
