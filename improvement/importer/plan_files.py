"""The plan, its judgements and grades, in our own layout: read, check, load."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from improvement.importer.actions import load_actions, load_updates
from improvement.importer.bullets import load_bullets
from improvement.importer.cells import check_cells
from improvement.importer.judgements import (
    load_evidence,
    load_findings,
    load_frameworks,
    load_grades,
    load_papers,
    load_plan_and_themes,
    load_statements,
)
from improvement.importer.layouts import LAYOUTS
from improvement.importer.loading import Loading
from performance.importer.check import Checker
from performance.importer.held_back import refuse_folder_if_held_back
from performance.importer.problems import LoadReport, told_by_the_database
from performance.importer.read import read_tables_there

# Each needs what the ones before it put in; a step that finds problems ends the load.
STEPS = [
    check_cells,
    load_papers,
    load_frameworks,
    load_grades,
]
STEPS_OF_A_PLAN = [
    load_plan_and_themes,
    load_evidence,
    load_actions,
    load_updates,
    load_statements,
    load_findings,
    load_bullets,
]
FILES_OF_A_PLAN = "plans themes evidence actions updates statements findings bullets".split()


def load_plan(folder: Path, *, commit: bool) -> LoadReport:
    """Loads the folder's files, all or nothing; without `commit`, only says what would change.

    Indicators, series and figures that the plan cites must be there already (load_performance).
    Papers, frameworks and judgements may be on record from another folder, and a folder may hold
    those alone, without a plan. Raises LoadRefused with every problem that was found, and HeldBack.
    """
    refuse_folder_if_held_back(folder, LAYOUTS)
    tables, absent = read_tables_there(folder, LAYOUTS)
    steps = STEPS + (STEPS_OF_A_PLAN if any(tables[name] for name in FILES_OF_A_PLAN) else [])
    check = Checker()
    with told_by_the_database(folder.name, check), transaction.atomic():
        loading = Loading(tables, settings.COUNCIL_CODE, check)
        loading.report.absent = absent
        for step in steps:
            step(loading)
            loading.checker.refuse_if_wrong()
        if not commit:
            transaction.set_rollback(True)
    return loading.report
