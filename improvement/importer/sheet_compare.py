"""Holds a plan's spreadsheet against the record: what is new, what would change, what may not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model

from improvement.changes.facts import (
    ActionLinks,
    link_facts,
    links_of,
    owner_fact,
    word_columns,
    word_facts,
    words_of,
)
from improvement.changes.recording import Facts
from improvement.importer.plan_sheet import Record, Sheet, SheetRow, plain_reference
from improvement.models import Action, Plan
from improvement.permissions import Person
from improvement.removal.sentences import stands_hidden
from performance.calculations.partial_date import write_partial_date
from performance.calculations.personal_details import find_personal
from performance.calculations.taken_out import is_taken_out
from performance.models import Indicator

MAY_OWN = "improvement.add_progressupdate"
# The sheet's column behind each fact of the words, where it has another name.
COLUMN_OF = {"cabinet": "cabinet_on"}
FREE_TEXT = ("title", "promised", "impact_sought", "note", "owner_service", "owner_role")


@dataclass(frozen=True)
class Changed:
    """An action on record that the file says otherwise, with only what differs."""

    row: SheetRow
    action: Action
    before: Facts
    after: Facts


@dataclass(frozen=True)
class LooksPersonal:
    """Words, new to the record, that look as if they could describe a child."""

    row: int
    column: str
    phrases: tuple[str, ...]


@dataclass
class Compared:
    """What would come of a file. `absent`: on record, not in the file, and left as they are."""

    new: list[SheetRow] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unchanged: int = 0
    absent: list[Action] = field(default_factory=list)
    personal: list[LooksPersonal] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What is kept of it until the file is loaded or forgotten."""
        return {
            "new": [
                {
                    "row": row.number,
                    "reference": row.reference,
                    "title": row.words.title,
                    "facts": {**row_facts(row), "first_due": str(row.first_due)},
                }
                for row in self.new
            ],
            "changed": [
                {
                    "row": one.row.number,
                    "reference": one.action.reference,
                    "title": one.action.title,
                    "before": one.before,
                    "after": one.after,
                }
                for one in self.changed
            ],
            "unchanged": self.unchanged,
            "absent": [
                {"reference": action.reference, "title": action.title} for action in self.absent
            ],
            "personal": [
                {"row": one.row, "column": one.column, "phrases": list(one.phrases)}
                for one in self.personal
            ],
        }


def read_record(plan: Plan) -> Record:
    """All that a row of the plan's sheet may name."""
    return Record(
        themes={str(theme.number): theme for theme in plan.themes.order_by("number")},
        judgements={one.slug: one for one in plan.framework.judgements.order_by("order")},
        indicators={one.code: one for one in Indicator.objects.all()},
        people={person.get_username(): person for person in _possible_owners(plan)},
    )


def may_own() -> Iterable[Person]:
    """Whoever can be asked for an action's updates, by user name."""
    people: Any = get_user_model()._default_manager
    found = people.with_perm(
        MAY_OWN, include_superusers=False, backend="django.contrib.auth.backends.ModelBackend"
    )
    return found.order_by("username")


def _possible_owners(plan: Plan) -> list[Person]:
    """Those, and whoever owns one of the plan's actions already."""
    owners = Action.objects.of(plan).exclude(owner=None).select_related("owner")
    return [*may_own(), *(action.owner for action in owners)]


def actions_by_reference(plan: Plan) -> dict[str, Action]:
    actions = Action.objects.of(plan).select_related("theme", "owner").in_order()
    linked = actions.prefetch_related("action_judgements__judgement", "indicators")
    return {action.reference: action for action in linked}


def compare(sheet: Sheet, plan: Plan) -> Compared:
    """What would come of the sheet's rows; what may not is added to the sheet's problems."""
    compared, mine = Compared(), actions_by_reference(plan)
    others = {
        reference.lower(): title
        for reference, title in Action.objects.exclude(theme__plan=plan).values_list(
            "reference", "theme__plan__title"
        )
    }
    nearly = {plain_reference(reference): reference for reference in mine}
    for row in sheet.rows:
        action = mine.get(row.reference)
        if action is not None:
            _compare_row(sheet, compared, row, action)
        elif title := others.get(row.reference.lower()):
            _refuse(
                sheet, row, "reference",
                f"an action of “{title}” has this reference, and references are never used again",
            )  # fmt: skip
        elif near := nearly.get(plain_reference(row.reference)):
            _refuse(
                sheet, row, "reference",
                f"is {near} meant? A reference is written as it is on record, noughts and capital "
                "letters too",
            )  # fmt: skip
        else:
            compared.new.append(row)
            _look_personal(sheet, compared, row, row_facts(row))
    named = {row.reference for row in sheet.rows}
    compared.absent = [action for reference, action in mine.items() if reference not in named]
    return compared


def _refuse(sheet: Sheet, row: SheetRow, column: str, expected: str) -> None:
    sheet.problems.append(sheet.cell(row.number, column).problem(expected))


def _compare_row(sheet: Sheet, compared: Compared, row: SheetRow, action: Action) -> None:
    if "first_due" in row.said and not _is_same_date(sheet, row, action):
        stands = action.first_due or "not stated"
        _refuse(
            sheet, row, "first_due",
            f"the first due date of this action is {stands} and never changes: put it back, and "
            f"move the due date on the page of action {action.reference}, with the reason",
        )  # fmt: skip
        return
    before, after = facts_on_record(action), row_facts(row)
    names = [
        name
        for name in after
        if COLUMN_OF.get(name, name) in row.said and before[name] != after[name]
    ]
    if not names:
        compared.unchanged += 1
        return
    if hidden := [name for name in names if stands_hidden(before[name])]:
        for name in hidden:
            _refuse(
                sheet, row, COLUMN_OF.get(name, name),
                "what stands here is hidden until it is decided whether words are taken out: leave "
                "the cell as it is on record, and change it once it is decided",
            )  # fmt: skip
        return
    old, new = ({name: facts[name] for name in names} for facts in (before, after))
    compared.changed.append(Changed(row, action, old, new))
    _look_personal(sheet, compared, row, new)


def _is_same_date(sheet: Sheet, row: SheetRow, action: Action) -> bool:
    due, on_record = row.first_due, action.first_due
    if "first_due_last_day" in row.said:
        return due == on_record
    return write_partial_date(due) == write_partial_date(on_record)


def facts_on_record(action: Action) -> Facts:
    """An action's facts as its row would say them."""
    facts = {
        "theme": action.theme.number,
        **word_facts(words_of(action)),
        **link_facts(links_of(action)),
        **owner_fact(action),
    }
    return {name: _one_line_end(value) for name, value in facts.items()}


def row_facts(row: SheetRow) -> Facts:
    """The same of a row: of the columns that its file has not, what an empty one would say."""
    return {
        "theme": row.theme.number,
        **word_facts(row.words),
        **link_facts(ActionLinks(row.judgements, row.indicators)),
        "owner": row.owner.get_username() if row.owner else "",
    }


def _one_line_end(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def columns_of(row: SheetRow, names: Sequence[str]) -> Facts:
    """The action's own columns behind the named facts."""
    columns: Facts = word_columns(row.words)
    wanted = {"promised": ["description"], "cabinet": ["cabinet_on", "cabinet_precision"]}
    found = {
        column: columns[column]
        for name in names
        for column in wanted.get(name, [name])
        if column in columns
    }
    if "theme" in names:
        found["theme"] = row.theme
    if "owner" in names:
        found["owner"] = row.owner
    return found


def _look_personal(sheet: Sheet, compared: Compared, row: SheetRow, facts: Facts) -> None:
    """What may describe a child is asked about; what stands for words that were taken out is
    refused: it would stay when they are put back."""
    for name in FREE_TEXT:
        words = str(facts.get(name, ""))
        if is_taken_out(words):
            _refuse(
                sheet, row, COLUMN_OF.get(name, name),
                "this stands where words about a person were taken out: write your own words "
                "instead",
            )  # fmt: skip
        if found := find_personal(words):
            compared.personal.append(LooksPersonal(row.number, name, tuple(found)))
