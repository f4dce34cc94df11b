"""What was said or moved after a form was opened, for whoever has it open."""

from dataclasses import dataclass
from datetime import datetime

from improvement.models import Action, DateChange, ProgressUpdate
from improvement.permissions import Person, may_read_unreleased
from improvement.presenters.updates import Desk, say_instant

# Three numbers of rows; what is longer was made up.
LONGEST_STATE = 60


@dataclass(frozen=True)
class Newer:
    """What was said, or moved, after a form was opened or a draft was typed."""

    who: str
    when: str
    update: ProgressUpdate | None
    move: DateChange | None
    is_own: bool = False


def make_newer(desk: Desk, person: Person, now: datetime, since: str) -> Newer:
    """What stands now that did not in the state `since`, in words that this person may read."""
    parts = since[:LONGEST_STATE].split("-")
    seen = [int(part) if part.isdecimal() else 0 for part in parts]
    seen_update, seen_move, _ = seen if len(seen) == 3 else (0, 0, 0)
    last = max(desk.updates, key=lambda one: one.pk, default=None)
    is_secret = last and last.made_by_id and not may_read_unreleased(person, last)
    if last is None or last.pk <= seen_update or is_secret:
        last = None
    move = max(desk.moves, key=lambda one: one.pk, default=None)
    if move is not None and move.pk <= seen_move:
        move = None
    return Newer(
        who=_who(last, desk.action, person),
        when=say_instant(last.made_at, now) if last else "",
        update=last,
        move=move,
        is_own=last is not None and last.made_by_id == person.pk,
    )


def _who(update: ProgressUpdate | None, action: Action, person: Person) -> str:
    """By service, never by name."""
    if update is None or update.made_by_id is None:
        return "Somebody"
    if update.made_by_id == person.pk:
        return "You"
    if update.made_by_id == action.owner_id:
        return action.owner_service or action.owner_role or "The action’s owner"
    is_lead = any(lead.pk == update.made_by_id for lead in action.theme.leads.all())
    return "The theme’s lead" if is_lead else "Somebody"
