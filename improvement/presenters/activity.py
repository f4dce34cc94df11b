"""What the page of who did what prints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from improvement.models import Judgement, PlanEvent
from improvement.permissions import Person, plans_read, themes_read
from improvement.presenters.sentences import Names, say_event
from performance.calculations.position import Position
from performance.models import Indicator
from performance.presenters.load_words import say_by, say_when


@dataclass(frozen=True)
class ActivityLine:
    when: str
    who: str
    theme: str
    what: str
    why: str
    url: str


def read_names(person: Person, position: Position) -> Names:
    """What people call the things that events call by a slug or a code, as far as the person may
    read them. Four queries."""
    themes = themes_read(person, position).select_related("plan")
    plans = plans_read(person, position).values_list("slug", "title")
    judgements = Judgement.objects.values_list("slug", "short_title")
    indicators = Indicator.objects.values_list("code", "short_title")
    return {
        **{(PlanEvent.Kind.THEME, theme.key): theme.short_title for theme in themes},
        **{(PlanEvent.Kind.PLAN, slug): title for slug, title in plans},
        **{("judgements", slug): title for slug, title in judgements},
        **{("indicators", code): title for code, title in indicators},
    }


class ActivityLines(Sequence[ActivityLine]):
    """Events as lines, of which a page fetches its own and no more. Newest first."""

    def __init__(self, events: QuerySet[PlanEvent], themes: dict[str, str], names: Names) -> None:
        self._events = events.select_related("by").order_by("-id")
        self._themes, self._names = themes, names
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
            what=say_event(event, self._names),
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
