import os
import warnings
from argparse import ArgumentParser
from getpass import GetPassWarning, getpass

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from dashboard.changes import add_person, role_titles, set_roles
from dashboard.models import User
from dashboard.roles import ROLES, Role

ROLE_OF = {role.slug: role for role in ROLES}
ROLES_LISTED = "\n".join(f"  {role.slug}: {role.sentence}" for role in ROLES)


class Command(BaseCommand):
    help = (
        "Adds a person who may sign in, or another role to one who can. A new person's password "
        "is asked for and not shown, or taken from PERSON_PASSWORD in the environment. Somebody "
        f"who has that role already is left as they are. Roles: {', '.join(ROLE_OF)}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="what they type to sign in")
        parser.add_argument("--role", required=True, help="what they may do: " + ", ".join(ROLE_OF))

        parser.add_argument(
            "--email", default="", help="where a new password goes that they ask for"
        )

    def handle(self, *, username: str, role: str, email: str, **options: object) -> None:
        if role not in ROLE_OF:
            raise CommandError(f"“{role}” is not a role. The roles are:\n{ROLES_LISTED}")
        found = ROLE_OF[role]
        group = Group.objects.filter(name=found.title).first()
        if group is None:
            raise CommandError("The roles are not in place yet: run manage.py sync_roles first.")
        person = User.objects.filter(username=username).first()
        if person is None:
            self._add(username, email.lower(), found)
        elif person.groups.contains(group):
            self.stdout.write(f"{username} is {found.title} already; nothing was changed.")
        else:
            titles = role_titles(person)
            held = [each for each in ROLES if each.title in titles]
            set_roles(person=person, roles=[*held, found], by=None)
            self.stdout.write(f"{username} was there already, and is now {found.title} too.")

    def _add(self, username: str, email: str, role: Role) -> None:
        person = User(username=username, email=email)
        try:
            person.clean_fields(exclude=["password"])
            password = os.environ.get("PERSON_PASSWORD") or _ask_for_password()
            validate_password(password, person)
            person.validate_constraints()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        add_person(username=username, email=email, password=password, role=role)
        self.stdout.write(f"{username} can sign in, as {role.title}. {role.sentence}")


def _ask_for_password() -> str:
    try:
        with warnings.catch_warnings():
            # Rather not at all than where it would be seen.
            warnings.simplefilter("error", GetPassWarning)
            first, second = getpass("Password: "), getpass("The same again: ")
    except (EOFError, KeyboardInterrupt, GetPassWarning) as error:
        raise CommandError(
            "No password was given, and nobody was added: type it at a terminal, or set "
            "PERSON_PASSWORD."
        ) from error
    if first != second:
        raise CommandError("The two are not the same, and nobody was added: run this again.")
    return first
