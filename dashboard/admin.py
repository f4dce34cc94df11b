from django.contrib import admin

# Importing it registers Django's own admin of groups; what a role may do is written in roles.py
# and nowhere else.
from django.contrib.auth import admin as of_people  # noqa: F401
from django.contrib.auth.models import Group

admin.site.unregister(Group)
