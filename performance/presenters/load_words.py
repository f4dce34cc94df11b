"""How a load and its figures are said, on the list of loads and on one load's page alike."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from performance.calculations.partial_date import PartialDate
from performance.calculations.wording import format_value
from performance.importer.retention import KEPT_FOR
from performance.importer.screening_report import ScreeningReport
from performance.models import Load, Measurement

State = Load.State


def with_others(loads: QuerySet[Load], *unread: str) -> QuerySet[Load]:
    """With who did it and the load that it withdrew or was withdrawn by, but without any bytes
    and without the columns named."""
    left = [f"{other}{name}" for other in ("withdraws__", "withdrawal__")
            for name in ("content", "report")]  # fmt: skip
    people = ("received_by", "loaded_by")
    return loads.select_related(*people, "withdraws", "withdrawal").defer("content", *left, *unread)


def say_read_as(load: Load) -> str:
    """The layout that the file was read by; empty where it was refused before it was read."""
    is_read = load.title or load.state != State.REFUSED
    return load.title or load.get_format_display() if is_read else ""


def say_when(at: datetime | None) -> str:
    """“5 October 2016, 14:02”, Europe/London."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{PartialDate(local.date(), 'day')}, {local:%H:%M}"


def say_by(person: Any) -> str:
    return person.get_username() if person else "a command of the server"


def number_of(count: int, noun: str, many: str = "") -> str:
    """“1 figure”, “1,204 figures”."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def lapses_at(load: Load) -> datetime:
    return load.received_at + KEPT_FOR


def is_waiting(load: Load, now: datetime) -> bool:
    """Whether it can still be loaded: the command keeps no bytes that a person could load."""
    is_of_person = load.received_by_id is not None
    return load.state == State.SCREENED and is_of_person and now < lapses_at(load)


def is_cut_short(load: Load) -> bool:
    """Whether the command has not come to its end with it: it is at work, or was stopped."""
    return load.received_by_id is None and load.state in (State.SCREENED, State.LAPSED)


def say_state(load: Load, now: datetime) -> str:
    """How the load stands, in a few words."""
    if load.withdraws:
        return f"withdrew load {load.withdraws.pk}"
    if load.state == State.REFUSED:
        return "refused: nothing loaded"
    if load.state == State.LOADED:
        return "loaded"
    if load.state == State.WITHDRAWN:
        return "withdrawn"
    if is_waiting(load, now):
        return "waits to be loaded"
    if is_cut_short(load):
        return "not loaded"
    return "discarded" if load.options.get("discarded_by") else "not loaded in time"


def say_what_happened(load: Load, now: datetime) -> str:
    """For a load that is past: the sentence that the page opens with."""
    if load.state == State.WITHDRAWN:
        return "This load was withdrawn: what it brought no longer counts."
    if load.withdraws:
        return "This took a load out of the record again."
    if is_cut_short(load):
        return (
            "The command has not loaded this file: it is still at work, or was stopped before it "
            "was done. Nothing of the file counts. If it was stopped, give the file again."
        )
    discarded = load.options.get("discarded_by")
    if load.state == State.LAPSED and discarded:
        at = datetime.fromisoformat(load.options["discarded_at"])
        return f"{discarded} discarded this file on {say_when(at)}. Nothing of it was loaded."
    if load.state == State.LAPSED or (load.state == State.SCREENED and not is_waiting(load, now)):
        return (
            "This file was not loaded within 24 hours, so it is no longer kept and nothing of it "
            "was loaded. Give it again to load it."
        )
    return ""


def read_from(load: Load, on: date) -> date:
    """The day from which members read it, or the day of the page where that is not on record."""
    return timezone.localdate(load.released_at) if load.released_at else on


def say_loaded(load: Load, on: date) -> str:
    """Once it is loaded: from when members read it, where that is after the day of the page."""
    known = read_from(load, on)
    if known > on:
        return f"Load {load.pk} is loaded: members read it from {PartialDate(known, 'day')}."
    return f"Load {load.pk} is loaded: the panel’s pages have its figures."


def say_size(size: int) -> str:
    if size < 1024:
        return number_of(size, "byte")
    return f"{size / 1024:,.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


SINGULAR = {"are": "is", "were": "was", "go": "goes", "stay": "stays", "stay,": "stays,"}


def verb_for(verb: str, count: int) -> str:
    """“were new” or “are new”, for one or for many."""
    if count != 1:
        return verb
    plural, _, rest = verb.partition(" ")
    return " ".join(filter(None, [SINGULAR.get(plural, plural), rest]))


def say_withdrawal(report: ScreeningReport, *, is_done: bool) -> str:
    """“12 figures go back to the value before; 4 stay, since load 37 gave the same.”, or that they
    did."""
    left = max(report.refused, len(report.not_put_back))
    goes, stays = ("went", "stayed") if is_done else ("go", "stay")
    changes = [
        (report.revised, f"{goes} back to the value before"),
        (report.new, f"{'were' if is_done else 'are'} taken out"),
    ]
    rest = [
        (report.given_again, f"{stays}, since {_say_givers(report.given_again_by)} gave the same"),
        (left, f"{stays}, since {'it was' if left == 1 else 'they were'} replaced later"),
        (report.only_earlier, f"{stays} as on record today, and only earlier days change"),
    ]
    said = [(count, verb_for(words, count)) for count, words in changes + rest if count]
    if any(count for count, _ in changes):
        (first, words), *said = said
        parts = [f"{number_of(first, 'figure')} {words}"]
    else:
        parts = [f"No figure of today {'was changed' if is_done else 'changes'} by it"]
    return "; ".join([*parts, *(f"{count:,} {words}" for count, words in said)]) + "."


def _say_givers(loads: Sequence[int]) -> str:
    """“load 37”, “loads 37 and 39”; more are not named."""
    if not 1 <= len(loads) <= 3:
        return "other loads"
    *most, last = map(str, sorted(loads))
    return f"loads {', '.join(most)} and {last}" if most else f"load {last}"


def say_figure(kept: str, unit: str) -> str:
    """“46.5%”, “638”, “suppressed”, “no figure”, of a figure as the report keeps it."""
    if not kept:
        return "no figure"
    value = number_in(kept)
    if value is not None:
        return format_value(value, unit, 0).replace("-", "−")
    symbols: Mapping[str, str] = dict(Measurement.Symbol.choices)
    return symbols.get(kept, kept).partition(":")[0]


def number_in(kept: str) -> Decimal | None:
    try:
        value = Decimal(kept)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
