from argparse import ArgumentParser
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dashboard.reminders import make_reminders, queue_reminder, say_reminder
from improvement.reading import find_plan
from performance.calculations.position import Position
from performance.clock import end_of_day, today


class Command(BaseCommand):
    help = (
        "Reminds people of updates of the plan, one e-mail each with all that waits for them. "
        "Run it once a day, by cron: updates that are due are told a week before and on the day; "
        "what is late, was sent back or waits for a review, on the day after and then each week. "
        "Run again on the same day it sends nothing twice; where nothing is to be said it is "
        "quiet. It needs SITE_URL, for the links."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would get what, and send nothing"
        )
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            metavar="DAY",
            help="with --dry-run: as if it were that day, such as 2016-10-12",
        )

    def handle(self, *, dry_run: bool, on: date | None, **options: object) -> None:
        if not settings.SITE_URL:
            raise CommandError(
                "SITE_URL is not set: reminders lead to the site. Set it to the site's address, "
                "such as https://panel.example, in the environment or in .env (.env.example "
                "shows each)."
            )
        if on and not dry_run:
            raise CommandError("--on is for trying out: give --dry-run with it.")
        day = on or today()
        plan = find_plan(Position(on=day, known_at=end_of_day(day)))
        reminders = make_reminders(plan, day) if plan else []
        for reminder in reminders:
            if dry_run:
                self.stdout.write(f"Would send to {say_reminder(reminder)}\n{reminder.text}")
                continue
            with transaction.atomic():
                is_new = queue_reminder(reminder)
            if is_new:
                self.stdout.write(f"Queued to {say_reminder(reminder)}")
