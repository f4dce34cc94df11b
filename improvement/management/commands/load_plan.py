import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from improvement.importer.layouts import LAYOUTS
from improvement.importer.plan_files import load_plan
from improvement.importer.plan_sheet import ALL_COLUMNS, COMMAND
from improvement.importer.sheet_loading import Given, Outcome, load_file, read_file
from improvement.models import Plan
from improvement.permissions import Person
from improvement.presenters.plan_loads import make_report, say_report
from performance.clock import moment, today, wall_clock
from performance.importer.held_back import HeldBack, refuse_if_held_back
from performance.importer.problems import LoadRefused, Problem


class Command(BaseCommand):
    help = (
        "Loads a plan, all or nothing: from one spreadsheet (CSV or .xlsx) with a row for each "
        "action, as the site exports it, into a plan on record; or from a folder of CSV files in "
        "our own layout, the plan itself with its themes among them (docs/data.md). Without "
        "--commit nothing is kept: it says what would change. In a folder, a file that is not "
        "there changes nothing. Files of a folder: "
        + ", ".join(layout.file for layout in LAYOUTS)
        + ". Columns of a spreadsheet: "
        + ", ".join(ALL_COLUMNS)
        + "."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the spreadsheet, or the folder of files")
        parser.add_argument("--commit", action="store_true", help="keep what was loaded")
        parser.add_argument("--plan", default="", help="slug of the plan that a spreadsheet is of")
        parser.add_argument("--sheet", default="", help="which sheet of a workbook to read")
        parser.add_argument("--by", default="", help="user name of who answers for the load")
        parser.add_argument("--reason", default="", help="why the plan is changed")

    def handle(self, *, path: Path, commit: bool, **options: Any) -> None:
        try:
            if path.is_dir():
                self.stdout.write(str(load_plan(path, commit=commit)))
            elif path.is_file():
                self._load_file(path, commit, **options)
            else:
                raise CommandError(
                    f"{path} is no file and no folder: name the spreadsheet, or the folder that "
                    "holds the files."
                )
        except LoadRefused as refused:
            raise self._tell(refused.problems, str(refused)) from refused
        except HeldBack as held:
            raise CommandError(str(held)) from held
        if not commit:
            self.stdout.write("Nothing was kept: add --commit to load it.")

    def _load_file(
        self, path: Path, commit: bool, *, plan: str, sheet: str, by: str, reason: str, **_: Any
    ) -> None:
        into = find_plan(plan)
        given = Given(path.name, path.read_bytes(), sheet, COMMAND)
        if commit:
            person = find_person(by)
            if not reason.strip():
                raise CommandError("Say why the plan is changed: --reason “…”.")
            outcome = load_file(
                given, into, reason=reason.strip(), by=person, now=moment(), present=wall_clock()
            )
        else:
            refuse_if_held_back(io.BytesIO(given.content))
            outcome = read_file(given, into)
        self._say(outcome)

    def _say(self, outcome: Outcome) -> None:
        if outcome.problems:
            raise LoadRefused(outcome.problems)
        for line in say_report(make_report(outcome.report())):
            self.stdout.write(line)

    def _tell(self, problems: list[Problem], said: str) -> CommandError:
        for problem in problems:
            self.stderr.write(str(problem))
        return CommandError(said)


def find_plan(slug: str) -> Plan:
    """The plan of that slug, or the only one that is kept. Raises CommandError."""
    plans = {plan.slug: plan for plan in Plan.objects.kept(today()).select_related("framework")}
    if slug:
        plans = {plan.slug: plan for plan in Plan.objects.select_related("framework")}
        if slug not in plans:
            raise CommandError(
                f"There is no plan “{slug}”: there are {', '.join(plans) or 'none'}."
            )
        return plans[slug]
    if len(plans) != 1:
        raise CommandError(
            f"Say which plan it is of: --plan with one of {', '.join(plans)}."
            if plans
            else "There is no plan yet: load a folder with plans.csv and themes.csv first."
        )
    return plans.popitem()[1]


def find_person(name: str) -> Person:
    """Who answers for the load. Raises CommandError where they may not."""
    people: Any = get_user_model()._default_manager
    person = people.filter(username=name, is_active=True).first() if name else None
    if person is None or not person.has_perm("improvement.keep_plan"):
        raise CommandError("Say who answers for the load, by a user name that may keep the plan: "
                           "--by NAME.")  # fmt: skip
    return person
