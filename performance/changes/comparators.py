"""Comparator groups: which councils a council is held beside, nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, Unpack

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from performance.changes.recording import Facts, facts_of, record, record_added, refuse_if_changed
from performance.models import Area, ComparatorGroup, ComparatorMember, ReferenceEvent

GROUP = ReferenceEvent.Kind.COMPARATOR_GROUP


@dataclass(frozen=True)
class Neighbour:
    area: Area
    closeness: str = ""

    def __str__(self) -> str:
        words = f", {self.closeness}" if self.closeness else ""
        return f"{self.area.code} {self.area.name}{words}"


class GroupFacts(TypedDict, total=False):
    title: str
    source: str
    in_force_from: date | None
    statistic: str


def neighbours_of(group: ComparatorGroup, area: Area) -> list[Neighbour]:
    """The area's neighbours in the group, nearest first."""
    members = group.members.filter(for_area=area).select_related("area").order_by("rank")
    return [Neighbour(member.area, member.closeness) for member in members]


def group_facts(group: ComparatorGroup, for_area: Area) -> Facts:
    members = [str(neighbour) for neighbour in neighbours_of(group, for_area)]
    return {**facts_of(group, tuple(GroupFacts.__annotations__)), "members": members}


@transaction.atomic
def add_comparator_group(
    *,
    slug: str,
    for_area: Area,
    members: Sequence[Neighbour],
    by: AbstractBaseUser,
    reason: str,
    **facts: Unpack[GroupFacts],
) -> ComparatorGroup:
    """The new group, with the neighbours of one council in order."""
    group = ComparatorGroup.objects.create(slug=slug, **facts)
    _put_members(group, for_area, members)
    record_added(GROUP, slug, group_facts(group, for_area), by=by, reason=reason)
    return group


@transaction.atomic
def change_comparator_group(
    *,
    group: ComparatorGroup,
    for_area: Area,
    members: Sequence[Neighbour],
    by: AbstractBaseUser,
    reason: str,
    opened_at: str | None = None,
    **facts: Unpack[GroupFacts],
) -> ReferenceEvent | None:
    """The event, or None where nothing changed; other councils' neighbours stay as they are.

    Raises ChangedSince when it is no longer as `opened_at` says.
    """
    held = ComparatorGroup.objects.select_for_update().get(pk=group.pk)
    before = group_facts(held, for_area)
    refuse_if_changed(GROUP, held.slug, before, opened_at)
    for name, value in facts.items():
        setattr(held, name, value)
    held.save(update_fields=facts)
    if neighbours_of(held, for_area) != list(members):
        _put_members(held, for_area, members)
    after = group_facts(held, for_area)
    done = ReferenceEvent.Done.CHANGED
    return record(GROUP, held.slug, done, by=by, reason=reason, before=before, after=after)


def _put_members(group: ComparatorGroup, for_area: Area, members: Sequence[Neighbour]) -> None:
    # A list in another order cannot be put in beside the old one: each rank and area is once.
    group.members.filter(for_area=for_area).delete()
    ComparatorMember.objects.bulk_create(
        ComparatorMember(
            group=group,
            for_area=for_area,
            rank=rank,
            area=neighbour.area,
            closeness=neighbour.closeness,
        )
        for rank, neighbour in enumerate(members, start=1)
    )
