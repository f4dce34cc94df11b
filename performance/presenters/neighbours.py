"""The lists of neighbours that were in force on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import F, Q

from performance.models import Area, ComparatorGroup, ComparatorMember


@dataclass(frozen=True)
class NeighbourList:
    """A published list and a council's neighbours in it, the nearest first."""

    group: ComparatorGroup
    members: tuple[ComparatorMember, ...]

    @property
    def areas(self) -> list[Area]:
        return [member.area for member in self.members]

    @property
    def statistic(self) -> Literal["mean", "median"]:
        """Which average a sentence uses."""
        return "mean" if self.group.statistic == ComparatorGroup.Statistic.MEAN else "median"

    @property
    def edition(self) -> str:
        """“May 2025 list”, for where the whole title is too long."""
        return f"{self.title.rpartition(', ')[2]} list"

    @property
    def title(self) -> str:
        return self.group.title


def read_lists_in_force(area_code: str, on: date) -> list[NeighbourList]:
    """The lists that somebody on that day could have used, the newest first. One query."""
    members = (
        ComparatorMember.objects.filter(for_area__code=area_code)
        .filter(Q(group__in_force_from__isnull=True) | Q(group__in_force_from__lte=on))
        .select_related("group", "area")
        .order_by(F("group__in_force_from").desc(nulls_last=True), "group__slug", "rank")
    )
    lists: dict[int, list[ComparatorMember]] = {}
    for member in members:
        lists.setdefault(member.group_id, []).append(member)
    return [NeighbourList(found[0].group, tuple(found)) for found in lists.values()]
