"""E-mail: a page adds a row, and the rows are sent when nobody waits."""
