import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dashboard.models import User
from dashboard.roles import ROLES, Role


class Command(BaseCommand):
    help = (
        "Loads the demonstration from fixtures/ by the doors that officers and admins use, and "
        "makes a sign-in for each role with the password in DEMONSTRATION_PASSWORD. Running it "
        "again changes nothing."
    )

    def handle(self, **options: object) -> None:
        password = os.environ.get("DEMONSTRATION_PASSWORD", "")
        if len(password) < 12:
            raise CommandError("Set DEMONSTRATION_PASSWORD to at least 12 characters.")
        if not settings.DEMONSTRATION_NOTICE:
            raise CommandError("This site is not a demonstration: DEMONSTRATION_NOTICE is empty.")
        national = Path(settings.BASE_DIR) / "fixtures" / "national"
        council = national.with_name("demonstration")
        with transaction.atomic():
            call_command("sync_roles", stdout=self.stdout)
            # A new release's fixtures may revise what an older one loaded.
            given = {"commit": True, "reason": "The demonstration was brought up to date."}
            call_command("load_performance", national, **given, stdout=self.stdout)
            call_command("load_performance", council, **given, stdout=self.stdout)
            call_command("load_published_files", national, commit=True, stdout=self.stdout)
            call_command("load_plan", national, commit=True, stdout=self.stdout)
            call_command("load_plan", council, commit=True, stdout=self.stdout)
            for role in ROLES:
                self._make_person(role, password)
        self.stdout.write("Sign-ins: " + ", ".join(role.slug for role in ROLES))

    def _make_person(self, role: Role, password: str) -> None:
        person, _ = User.objects.get_or_create(username=role.slug)
        if not person.check_password(password):
            person.set_password(password)
        person.email = f"{role.slug}@panel.example"
        person.is_staff = role.opens_admin
        person.save()
        person.groups.set([Group.objects.get(name=role.title)])
