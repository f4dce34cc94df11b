"""What the list of the loads prints."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse

from performance.models import Load
from performance.presenters.load_words import (
    is_waiting,
    say_by,
    say_read_as,
    say_state,
    say_when,
    with_others,
)

ON_A_PAGE = 50


@dataclass(frozen=True)
class LoadLine:
    """One load in the list; its file's name in pieces, between which a line may break."""

    number: int
    url: str
    when: str
    by: str
    file: list[str]
    read_as: str
    new: str
    revised: str
    unchanged: str
    state: str
    tone: str


@dataclass(frozen=True)
class LoadsPage:
    """`newer` and `older` are the numbers of the pages before and after, where there are such."""

    loads: list[LoadLine]
    total: int
    newer: int | None
    older: int | None


def make_loads_page(loads: QuerySet[Load], number: str, now: datetime) -> LoadsPage:
    """Fifty loads, newest first. `now` is the real instant, by which screened files lapse."""
    page = Paginator(with_others(loads, "report"), ON_A_PAGE).get_page(number)
    return LoadsPage(
        loads=[_line(load, now) for load in page.object_list],
        total=page.paginator.count,
        newer=page.previous_page_number() if page.has_previous() else None,
        older=page.next_page_number() if page.has_next() else None,
    )


def _line(load: Load, now: datetime) -> LoadLine:
    return LoadLine(
        number=load.pk,
        url=reverse("performance:load", args=[load.pk]),
        when=say_when(load.received_at),
        by=say_by(load.received_by),
        file=re.findall(r"[^_]+_*|_+", load.file_name),
        read_as=say_read_as(load) or "not read",
        new=f"{load.rows_new:,}",
        revised=f"{load.rows_revised:,}",
        unchanged=f"{load.rows_unchanged:,}",
        state=say_state(load, now),
        tone=tone_of(load, now),
    )


def tone_of(load: Load, now: datetime) -> str:
    """By which mark the state is also shown: what waits no more has lapsed."""
    has_lapsed = load.state == Load.State.SCREENED and not is_waiting(load, now)
    return Load.State.LAPSED if has_lapsed else load.state
