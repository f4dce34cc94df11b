import csv
import os
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dashboard.models import User
from dashboard.roles import ROLES, Role
from improvement.changes import assign_action, choose_leads, open_round
from improvement.models import Action, Plan, Theme
from performance.clock import moment


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
            call_command("load_published_files", national, **given, stdout=self.stdout)
            call_command("load_plan", national, commit=True, stdout=self.stdout)
            call_command("load_plan", council, commit=True, stdout=self.stdout)
            for role in ROLES:
                self._make_person(role, password)
            give_responsibilities(council)
            open_rounds(council)
        self.stdout.write("Sign-ins: " + ", ".join(role.slug for role in ROLES))

    def _make_person(self, role: Role, password: str) -> None:
        person, _ = User.objects.get_or_create(username=role.slug)
        if not person.check_password(password):
            person.set_password(password)
        person.email = f"{role.slug}@panel.example"
        person.is_staff = role.opens_admin
        person.save()
        person.groups.set([Group.objects.get(name=role.title)])


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def give_responsibilities(folder: Path) -> None:
    """Who leads which theme and owns which action is the demonstration's own: the paper names no
    person."""
    for row in _read(folder / "people.csv"):
        person = User.objects.get(username=row["role"])
        for slug in row["leads"].split():
            theme = Theme.objects.get(slug=slug)
            choose_leads(theme=theme, leads=[person], needs_approval=True, by=None, now=moment())
        for reference in row["owns"].split():
            action = Action.objects.get(reference=reference)
            assign_action(action=action, owner=person, by=None, now=moment())


def open_rounds(folder: Path) -> None:
    """A round that officers of the demonstration can answer, where there was none yet."""
    for row in _read(folder / "rounds.csv"):
        plan = Plan.objects.get(slug=row["plan"])
        if plan.rounds.exists():
            continue
        opens_on, updates_due_on, figures_due_on, release_on = (
            date.fromisoformat(row[name])
            for name in ("opens_on", "updates_due_on", "figures_due_on", "release_on")
        )
        open_round(
            plan=plan,
            title=row["title"],
            opens_on=opens_on,
            updates_due_on=updates_due_on,
            figures_due_on=figures_due_on,
            release_on=release_on,
            by=User.objects.get(username="scrutiny-officer"),
            now=moment(),
        )
