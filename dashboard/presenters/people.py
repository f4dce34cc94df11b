"""The administrator's list of people, and one of them with their history."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.utils import timezone

from dashboard.models import PersonEvent, User
from dashboard.roles import EVERY_THEME, KEEP_PLAN, LEAD_THEMES, ROLES
from dashboard.words import join_words
from improvement.asked import CLOSED
from improvement.models import Action, Plan, Theme
from improvement.permissions import actions_read
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.clock import today


@dataclass(frozen=True)
class PersonLine:
    number: int
    name: str
    username: str
    email: str
    roles: str
    signed_in: str
    has_second_factor: bool
    state: str
    tone: str


@dataclass(frozen=True)
class HistoryLine:
    when: str
    what: str
    reason: str


@dataclass(frozen=True)
class PersonPage:
    line: PersonLine
    role_slugs: list[str]
    themes: str
    may_lead: bool
    lacks_theme: bool
    last_day: str
    is_active: bool
    has_password: bool
    history: list[HistoryLine]


def make_people_page() -> list[PersonLine]:
    """Everybody who can sign in, or could, by name; three queries."""
    people = User.objects.prefetch_related("groups").order_by("last_name", "first_name", "username")
    with_factor = set(
        Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    on = today()
    lines = [_line(person, person.pk in with_factor, on) for person in people]
    return sorted(lines, key=lambda line: (line.tone == "over", line.name.casefold()))


def make_person_page(person: User) -> PersonPage:
    has_factor = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    titles = {group.name for group in person.groups.all()}
    kept = Theme.objects.filter(leads=person, plan__in=Plan.objects.kept(today()))
    led = list(kept.order_by("plan__starts_on", "number").values_list("title", flat=True))
    events = PersonEvent.objects.filter(whom=person.username).select_related("by")
    return PersonPage(
        line=_line(person, has_factor, today()),
        role_slugs=[role.slug for role in ROLES if role.title in titles],
        themes=join_words(led),
        may_lead=bool(led) or person.has_perm(LEAD_THEMES),
        lacks_theme=not led and person.has_perm(LEAD_THEMES) and not person.has_perm(EVERY_THEME),
        last_day=_day(person.last_day),
        is_active=person.is_active,
        has_password=person.has_usable_password(),
        history=[_history_line(event) for event in events],
    )


@dataclass(frozen=True)
class LeftBehind:
    """The actions of which nobody is asked for updates once a person is deactivated: how many, and
    whether whoever reads it may give them to somebody else."""

    actions: int
    may_give: bool


def make_left_behind(person: User, *, by: User, position: Position) -> LeftBehind:
    """Of what `by` may read, and of the plans that are kept; nothing that is over. One query."""
    owned = Action.objects.filter(
        pk__in=actions_read(by, position),
        owner=person,
        theme__plan__in=Plan.objects.kept(position.on),
    )
    return LeftBehind(
        actions=owned.not_in(CLOSED, position.on).count(),
        may_give=by.has_perm(LEAD_THEMES) or by.has_perm(KEEP_PLAN),
    )


def _line(person: User, has_second_factor: bool, on: date) -> PersonLine:
    state, tone = _state(person, on)
    titles = {group.name for group in person.groups.all()}
    signed_in = person.last_login
    return PersonLine(
        number=person.pk,
        name=str(person),
        username=person.username,
        email=person.email,
        roles=join_words([role.title for role in ROLES if role.title in titles]) or "no role",
        signed_in=_day(timezone.localdate(signed_in)) if signed_in else "never",
        has_second_factor=has_second_factor,
        state=state,
        tone=tone,
    )


def _state(person: User, on: date) -> tuple[str, str]:
    if not person.is_active:
        return "Deactivated", "over"
    if person.is_past_last_day(on):
        return f"Last day was {_day(person.last_day)}", "over"
    if person.last_day:
        return f"Until {_day(person.last_day)}", "on"
    if not person.has_usable_password() and person.last_login is None:
        return "Invited", "invited"
    return "Active", "on"


def _history_line(event: PersonEvent) -> HistoryLine:
    by = str(event.by) if event.by else "a command on the server"
    return HistoryLine(
        when=f"{timezone.localtime(event.at):%-d %B %Y, %H:%M}, by {by}",
        what=_sentence(event),
        reason=event.reason,
    )


def _sentence(event: PersonEvent) -> str:
    before, after = event.before, event.after
    if event.done in (PersonEvent.Done.INVITED, PersonEvent.Done.ADDED):
        return (
            f"{event.get_done_display().capitalize()} as {_roles(after)}"
            + _at(after)
            + _until(after)
        )
    if event.done == PersonEvent.Done.ROLES:
        return f"Roles: {_roles(after)}; before: {_roles(before)}"
    if event.done == PersonEvent.Done.THEMES:
        return f"Leads {_themes(after)}; before: {_themes(before)}"
    if event.done == PersonEvent.Done.LAST_DAY:
        day = after.get("last_day")
        return f"Last day: {_day(date.fromisoformat(day))}" if day else "No last day any more"
    return event.get_done_display().capitalize()


def _roles(facts: dict[str, list[str]]) -> str:
    return join_words(facts.get("roles", [])) or "no role"


def _themes(facts: dict[str, list[str]]) -> str:
    return join_words([f"“{title}”" for title in facts.get("themes", [])]) or "no theme"


def _at(facts: dict[str, str]) -> str:
    return f", at {facts['email']}" if facts.get("email") else ""


def _until(facts: dict[str, str]) -> str:
    day = facts.get("last_day")
    return f". Last day: {_day(date.fromisoformat(day))}" if day else ""


def _day(day: date | None) -> str:
    return str(PartialDate(day, "day")) if day else ""
