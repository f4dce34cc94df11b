"""Changes of people and their roles: each in one transaction with its event."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet

from dashboard.mail.invitations import queue_invitation
from dashboard.models import PersonEvent, User
from dashboard.roles import KEEP_PEOPLE, LEAD_THEMES, ROLES, Role
from dashboard.signing_in.links import read_invitation
from improvement.changes import lead_themes
from improvement.models import Theme

Done = PersonEvent.Done
BACKEND = "dashboard.signing_in.backend.PeopleBackend"


class Refused(Exception):
    """The change cannot be made; the message is a sentence for the administrator."""


@transaction.atomic
def invite_person(
    *,
    username: str,
    email: str,
    first_name: str,
    last_name: str,
    roles: Iterable[Role],
    site: str,
    by: User,
    now: datetime,
    themes: Sequence[Theme] = (),
    last_day: date | None = None,
) -> User:
    """The new person, who has no password; an invitation to choose one is queued.

    `site` is the address that its link begins with. Raises Refused where somebody has that
    user name or address.
    """
    _hold_people()
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("Somebody has that user name already.")
    if User.objects.filter(email=email.lower()).exists():
        raise Refused("Somebody has that e-mail address already.")
    person = User(
        username=username,
        email=email.lower(),
        first_name=first_name,
        last_name=last_name,
        last_day=last_day,
    )
    person.set_unusable_password()
    person.save()
    _set_groups(person, roles)
    after = {"name": str(person), "email": person.email, "roles": role_titles(person)}
    more = {"last_day": _day(last_day)} if last_day else {}
    _record(person, Done.INVITED, by=by, after=after | more)
    set_themes(person=person, themes=themes, among=themes, by=by, now=now)
    queue_invitation(person, site=site, by=by)
    return person


@transaction.atomic
def add_person(*, username: str, email: str, password: str, role: Role) -> User:
    """The new person, who can sign in at once: how the first administrator comes in, by a command
    on the server."""
    person = User(username=username, email=email.lower())
    person.set_password(password)
    person.save()
    _set_groups(person, [role])
    after = {"email": person.email, "roles": role_titles(person)}
    _record(person, Done.ADDED, by=None, after=after)
    return person


@transaction.atomic
def invite_again(*, person: User, site: str, by: User, on: date) -> None:
    """Another invitation; the one before ends. Raises Refused where there is nothing to invite
    to, since the person has a password or no address, or could not sign in on that day."""
    person = _hold(person)
    if person.has_usable_password():
        raise Refused("They have chosen a password already. They can ask for a new one themselves.")
    if not person.email or not person.is_active:
        raise Refused("They have no e-mail address, or are deactivated.")
    if person.is_past_last_day(on):
        raise Refused("Their last day is over: give them a new one first, or none.")
    person.set_unusable_password()
    person.save()
    _record(person, Done.INVITED_AGAIN, by=by, after={"email": person.email})
    queue_invitation(person, site=site, by=by)


@transaction.atomic
def accept_invitation(*, person: User, token: str, password: str, on: date) -> bool:
    """Whether the password was set: not where the link was used a moment ago."""
    person = _hold(person)
    if read_invitation(token, on) is None:
        return False
    person.set_password(password)
    person.save()
    _record(person, Done.JOINED, by=person)
    return True


@transaction.atomic
def set_roles(*, person: User, roles: Iterable[Role], by: User | None) -> bool:
    """Whether anything changed; by nobody where a command does it. Raises Refused where nobody
    would be left to keep the people, or somebody takes that away from themselves."""
    _hold_people()
    before = role_titles(person)
    _set_groups(person, roles)
    after = role_titles(person)
    if before == after:
        return False
    _refuse_unless_somebody_keeps(by)
    _record(person, Done.ROLES, by=by, before={"roles": before}, after={"roles": after})
    return True


@transaction.atomic
def set_themes(
    *, person: User, themes: Sequence[Theme], among: Sequence[Theme], by: User, now: datetime
) -> bool:
    """Whether anything changed: `among` these the person leads just those `themes`. Raises Refused
    where they may not keep a theme's actions."""
    if themes and not User.objects.get(pk=person.pk).has_perm(LEAD_THEMES):
        raise Refused(f"{person} cannot lead a theme: give them the role of a theme lead first.")
    before = [theme.title for theme in among if person in theme.leads.all()]
    if not lead_themes(person=person, themes=themes, among=among, by=by, now=now):
        return False
    after = [theme.title for theme in among if theme in themes]
    _record(person, Done.THEMES, by=by, before={"themes": before}, after={"themes": after})
    return True


@transaction.atomic
def set_last_day(*, person: User, last_day: date | None, by: User) -> bool:
    """Whether it changed. After that day the person cannot sign in."""
    _hold_people()
    person = _hold(person)
    if person == by and last_day is not None:
        raise Refused("You cannot set a last day for yourself: another administrator can.")
    if person.last_day == last_day:
        return False
    before = {"last_day": _day(person.last_day)}
    person.last_day = last_day
    person.save(update_fields=["last_day"])
    _refuse_unless_somebody_keeps(by)
    _record(person, Done.LAST_DAY, by=by, before=before, after={"last_day": _day(last_day)})
    return True


@transaction.atomic
def deactivate_person(*, person: User, reason: str, by: User) -> bool:
    """Whether they were active; their sessions and links are over at once, and so is what the
    council's single sign-on knows them by: who is let in again comes with that anew."""
    _hold_people()
    person = _hold(person)
    if not person.is_active:
        return False
    person.is_active = False
    person.sessions_ended += 1
    person.save(update_fields=["is_active", "sessions_ended"])
    SocialAccount.objects.filter(user=person).delete()
    _refuse_unless_somebody_keeps(by)
    _record(person, Done.DEACTIVATED, by=by, reason=reason)
    return True


@transaction.atomic
def reactivate_person(*, person: User, by: User) -> bool:
    """Whether they were deactivated. Nothing else changes: a last day that is over still is."""
    person = _hold(person)
    if person.is_active:
        return False
    person.is_active = True
    person.save(update_fields=["is_active"])
    _record(person, Done.REACTIVATED, by=by)
    return True


@transaction.atomic
def reset_second_factor(*, person: User, reason: str, by: User) -> bool:
    """Whether there was one. Their sessions are over, and they may set up another."""
    person = _hold(person)
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if not removed:
        return False
    person.sessions_ended += 1
    person.save(update_fields=["sessions_ended"])
    _record(person, Done.SECOND_FACTOR_RESET, by=by, reason=reason)
    return True


def role_titles(person: User) -> list[str]:
    return list(person.groups.order_by("name").values_list("name", flat=True))


def keepers() -> QuerySet[User]:
    """Those who may keep the people, and can sign in without an end to it."""
    found: QuerySet[User] = User.objects.with_perm(KEEP_PEOPLE, backend=BACKEND)
    return found.filter(last_day=None)


def _hold_people() -> None:
    """Changes that could leave nobody in charge wait for one another."""
    list(Group.objects.select_for_update(no_key=True).order_by("pk"))


def _hold(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _set_groups(person: User, roles: Iterable[Role]) -> None:
    """Gives these roles; groups that are none of the roles are left alone."""
    others = person.groups.exclude(name__in=[role.title for role in ROLES])
    given = Group.objects.filter(name__in=[role.title for role in roles])
    person.groups.set([*others, *given])


def _refuse_unless_somebody_keeps(by: User | None) -> None:
    """Raises Refused, which undoes the change, where it locks its own maker out, or everybody."""
    if by is None:
        return
    maker = User.objects.get(pk=by.pk)
    if not maker.is_active or not maker.has_perm(KEEP_PEOPLE):
        raise Refused(
            "You cannot take from yourself what lets you open this page: another administrator can."
        )
    if not keepers().exists():
        raise Refused("Nobody would be left to keep the people: give somebody that role first.")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _record(
    person: User,
    done: str,
    *,
    by: User | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    PersonEvent.objects.create(
        by=by,
        whom=person.username,
        done=done,
        before=before or {},
        after=after or {},
        reason=reason,
    )
