"""What the record says, in sentences: of an event, of an update, of a move of a date."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from improvement.models import DateChange, PlanEvent, ProgressUpdate
from improvement.presenters.fact_words import PARTIAL_DATES, say_fact
from performance.calculations.partial_date import PartialDate

Done, Kind = PlanEvent.Done, PlanEvent.Kind

ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
).split()

# What a fact of an event is called.
FACTS = {
    "title": "title",
    "short_title": "short title",
    "promised": "what was promised",
    "cabinet": "when it goes to Cabinet",
    "first_due": "first due date",
    "comes_from": "what it comes from",
    "number": "number",
    "paragraph": "paragraph of the paper",
    "impact_sought": "the impact sought",
    "owner": "officer",
    "owner_service": "service",
    "owner_role": "owner",
    "kind": "kind",
    "note": "note",
    "leads": "leads",
    "needs_approval": "approval asked",
    "lead_service": "lead service",
    "indicators": "indicators",
    "judgements": "judgements",
    "opens_on": "opens",
    "updates_due_on": "updates due",
    "figures_due_on": "figures due",
    "release_on": "release",
}
DAYS = {"opens_on", "updates_due_on", "figures_due_on", "release_on"}
# By a kind of thing, or a fact, and the slug or code in an event: what people call it.
Names = Mapping[tuple[str, str], str]
# Of a round's key all but its title: the plan and the round's number.
AFTER_TITLE = re.compile(r" \([-A-Za-z0-9_]+/[0-9]+\)$")
# Of what was sent and not yet released the record says that it was, and not what.
UNSAID = {Done.SUBMITTED, Done.APPROVED, Done.RETURNED}


def nth(number: int) -> str:
    """“second”, “thirteenth” as “13th”."""
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 < number % 100 < 14 else ending}"


def because(sentence: str, reason: str) -> str:
    """The sentence with its reason, where there is one."""
    return f"{sentence}: {reason}" if reason else sentence


def say_date(day: PartialDate) -> str:
    """“31 October 2016”, “end of October 2016”: a month's date is its last day."""
    if day.precision == "month" and not day.words:
        return f"end of {day}"
    return str(day) or "no date"


def say_move(move: DateChange, number: int) -> str:
    """“due date moved from end of September 2016 to end of October 2016, for the second time:
    recruitment”, or “due date set to …” where there was none; `number` counts the moves that were
    known."""
    if not move.is_move:
        return because(f"due date set to {say_date(move.moved_to)}", move.reason)
    before, after = say_date(move.moved_from), say_date(move.moved_to)
    again = f", for the {nth(number)} time" if number > 1 else ""
    return because(f"due date moved from {before} to {after}{again}", move.reason)


def say_update(update: ProgressUpdate, corrected: ProgressUpdate | None) -> str:
    """“reported at risk: two posts are vacant”; of a paper, how it is read."""
    status = update.get_status_display()
    if update.paper_id is not None:
        return f"the paper is read as {status}"
    said = f"reported {status}"
    if corrected:
        day = PartialDate(corrected.effective_on, "day")
        said = f"corrected what was said of {day}: {status}"
    return because(said, update.reason)


def say_change(event: PlanEvent) -> str:
    """What was done to an action, without who: “reworded: plainer English”."""
    done, after = event.done, event.after
    if done == Done.ASSIGNED:
        to = after.get("owner_service") or after.get("owner_role")
        # Why may speak of the person who had it.
        return f"given to {to}" if to else "given to another service"
    if done == Done.LINKED:
        said = f"linked to other {_names(after) or 'figures'}"
    elif done == Done.SPLIT:
        # Why stands in the update that stops it, which members read once it is released.
        return f"split{_into(after)}"
    elif done == Done.REWORDED:
        said = f"{_names(after)} reworded" if _names(after) else "reworded"
    else:
        said = event.get_done_display()
    return because(said, event.reason)


def say_event(event: PlanEvent, names: Names) -> str:
    """Who reads the record reads what was done to what, from what to what: “due date moved from
    31 October 2016 to 30 November 2016”. Words that were not released are not repeated."""
    done = event.done
    what = _call(event, names)
    if event.kind == Kind.REMOVAL:
        # Not how much: that would say to whoever asked whether others wrote of somebody.
        said = "texts" if done == Done.DECLINED else event.get_kind_display()
        return f"{event.get_done_display()} {said} ({event.key})"
    if done == Done.DATE_MOVED:
        before, after = event.before.get("due", "no date"), event.after.get("due", "no date")
        return f"moved the due date of {what} from {before} to {after}"
    if done in UNSAID:
        return f"{event.get_done_display()} {what}"
    if done == Done.RELEASED:
        return f"released {_released(event, what)}"
    if done == Done.ASSIGNED and "owner" in event.after:
        before, after = event.before.get("owner") or "nobody", event.after["owner"] or "nobody"
        return f"{what}: its updates are asked of {after}, and were of {before}"
    if done == Done.ASSIGNED and event.kind == Kind.THEME:
        return _say_leading(event, names.get((event.kind, event.key), what))
    said = f"{event.get_done_display()}: {what}"
    # A round is called by its title.
    told = [
        name
        for name in FACTS
        if name in event.after and (name in event.before or f"“{event.after[name]}”" not in what)
    ]
    facts = "; ".join(_say_fact(name, event, names) for name in told)
    return f"{said} ({facts})" if facts else said


def _call(event: PlanEvent, names: Names) -> str:
    """“action 5.13”, “theme “Early help””: as people call it."""
    kind = event.get_kind_display()
    if event.kind == Kind.ROUND:
        return f"{kind} “{AFTER_TITLE.sub('', event.key)}”"
    name = names.get((event.kind, event.key))
    return f"{kind} “{name}”" if name else f"{kind} {event.key}"


def _say_leading(event: PlanEvent, theme: str) -> str:
    said = []
    if "leads" in event.after:
        now, before = (_say_leads(facts.get("leads")) for facts in (event.after, event.before))
        was = f"; before by {before}" if before != "nobody" else ""
        said.append(f"{theme} is now led by {now}{was}")
    if "needs_approval" in event.after:
        asked = "a lead’s approval" if event.after["needs_approval"] else "no lead’s approval"
        said.append(f"the updates of {theme} need {asked} now")
    return "; ".join(said)


def _say_leads(leads: Any) -> str:
    """“nobody”, “a and b”; as it stands where it was taken out."""
    return " and ".join(leads) if leads and isinstance(leads, list) else leads or "nobody"


def _say_fact(name: str, event: PlanEvent, names: Names) -> str:
    after = _say_value(name, event.after[name], names)
    if name not in event.before:
        return f"{FACTS[name]} {after}"
    return f"{FACTS[name]} from {_say_value(name, event.before[name], names)} to {after}"


def _say_value(name: str, value: Any, names: Names) -> str:
    if value in (None, "", [], {}):
        return "nobody" if name == "leads" else "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(names.get((name, str(one)), str(one)) for one in value)
    if name in DAYS:
        return _say_day(str(value))
    if name in PARTIAL_DATES:
        return say_fact(name, value)
    return f"“{value}”"


def _say_day(text: str) -> str:
    """As a day; as it stands where it was taken out."""
    try:
        return str(PartialDate(date.fromisoformat(text), "day"))
    except ValueError:
        return text


def _released(event: PlanEvent, what: str) -> str:
    if "status" in event.after:
        return f"an update of {what}: {event.after['status']}"
    updates = event.after.get("updates")
    return f"{what} ({updates} updates)" if isinstance(updates, int) else what


def _names(facts: Mapping[str, Any]) -> str:
    return " and ".join(FACTS[name] for name in facts if name in FACTS)


def _into(after: Mapping[str, Any]) -> str:
    parts = after.get("into") or after.get("became")
    if not parts:
        return ""
    return f" into {' and '.join(parts)}" if isinstance(parts, list) else f" into {parts}"
