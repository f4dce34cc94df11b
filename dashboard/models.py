from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in. What they may do is their groups' permissions, never their name."""
