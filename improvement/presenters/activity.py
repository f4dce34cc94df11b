"""What the page of who did what prints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from improvement.models import PlanEvent
from improvement.presenters.sentences import say_event
from performance.presenters.load_words import say_by, say_when


@dataclass(frozen=True)
class ActivityLine:
    when: str
    who: str
    theme: str
    what: str
    why: str
    url: str


class ActivityLines(Sequence[ActivityLine]):
    """Events as lines, of which a page fetches its own and no more. Newest first."""

    def __init__(self, events: QuerySet[PlanEvent], themes: dict[str, str]) -> None:
        self._events = events.select_related("by").order_by("-id")
        self._themes = themes
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = self._events.count()
        return self._count

    def __iter__(self) -> Iterator[ActivityLine]:
        return map(self._line, self._events.iterator())

    @overload
    def __getitem__(self, index: int) -> ActivityLine: ...
    @overload
    def __getitem__(self, index: slice) -> "list[ActivityLine]": ...
    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._line(event) for event in self._events[index]]
        return self._line(self._events[index])

    def _line(self, event: PlanEvent) -> ActivityLine:
        return ActivityLine(
            when=say_when(event.known_from),
            who=say_by(event.by),
            theme=self._themes.get(event.theme, event.theme),
            what=say_event(event),
            why="" if event.is_why_unsaid else event.reason,
            url=_url(event),
        )


def _url(event: PlanEvent) -> str:
    """The page of an action; none for what is not called by a reference, for whatever reason."""
    if event.kind != PlanEvent.Kind.ACTION:
        return ""
    try:
        return reverse("improvement:action", args=[event.key])
    except NoReverseMatch:
        return ""
