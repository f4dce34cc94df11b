from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dashboard.roles import ROLES


class Command(BaseCommand):
    help = "Makes the group of each role hold exactly the permissions that the code names."

    @transaction.atomic
    def handle(self, **options: object) -> None:
        known = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }
        for role in ROLES:
            if missing := [name for name in role.permissions if name not in known]:
                raise CommandError(f"{role.title}: unknown permission {', '.join(missing)}.")
            group, _ = Group.objects.get_or_create(name=role.title)
            group.permissions.set(known[name] for name in role.permissions)
        self.stdout.write(f"{len(ROLES)} roles are in place.")
