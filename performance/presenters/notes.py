"""What officers said of figures, of periods and of breaks: beside the figure and on its chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from performance.calculations.position import Position
from performance.charts import Annotation as ChartNote
from performance.models import Annotation, Measurement, Series

Span = tuple[date, date]
Kind = Annotation.Kind

KIND_WORDS = {
    Kind.VALUE: "About this figure",
    Kind.PERIOD: "About this period",
    Kind.BREAK: "Counted differently from here on",
}


@dataclass(frozen=True)
class Notes:
    """The annotations in force of one series and area."""

    held: Sequence[Annotation] = field(default_factory=list)

    @property
    def breaks(self) -> dict[Span, str]:
        """Why figures are counted differently, by the period with which they begin to be."""
        return {_span(note): _phrase(note.words) for note in self.held if note.kind == Kind.BREAK}

    def beside(self, row: Measurement) -> list[str]:
        """What is said of the row or its period; its break stands as one."""
        return [note.words for note in self.held
                if note.kind != Kind.BREAK and is_about(note, row)]  # fmt: skip

    def on_chart(self, drawn: Sequence[Measurement]) -> list[ChartNote]:
        """One numbered note for each day of the line of which something is said."""
        if not drawn:
            return []
        first, last = drawn[0].period_end, drawn[-1].period_end
        said: dict[date, list[str]] = {}
        for note in reversed(self.held):
            if note.kind == Kind.BREAK or not first <= note.period_end <= last:
                continue
            of_day = [row for row in drawn if row.period_end == note.period_end]
            if not of_day or any(is_about(note, row) for row in of_day):
                said.setdefault(note.period_end, []).append(note.words)
        return [ChartNote(day, " ".join(map(_sentence, words)))
                for day, words in sorted(said.items())]  # fmt: skip

    def elsewhere(self, rows: Sequence[Measurement], drawn: Sequence[Measurement]) -> list[str]:
        """What stands beside no figure and on no chart: “2013/14: the form changed.”"""
        placed = {note.on for note in self.on_chart(drawn)}
        spans = {(row.period_start, row.period_end) for row in rows}
        return [
            f"{note.period_label}: {_sentence(note.words)}"
            for note in self.held
            if (_span(note) not in spans if note.kind == Kind.BREAK else not
                (note.period_end in placed or any(is_about(note, row) for row in rows)))
        ]  # fmt: skip


def is_about(note: Annotation, row: Measurement) -> bool:
    """Whether the note is of the row. One about a figure is not of the figure that replaced it."""
    if _span(note) != (row.period_start, row.period_end):
        return False
    return note.kind != Kind.VALUE or row.known_from <= note.known_from


def read_notes(
    series: Iterable[Series], area_code: str, position: Position
) -> dict[int | None, list[Annotation]]:
    """What was in force at the position, by series; None for a period of every series. A query."""
    found: dict[int | None, list[Annotation]] = {}
    for note in Annotation.objects.at(position).about(series, area_code):
        found.setdefault(note.series_id, []).append(note)
    return found


def notes_of(series: Series, found: dict[int | None, list[Annotation]]) -> Notes:
    return Notes([*found.get(series.pk, []), *found.get(None, [])])


def _span(note: Annotation) -> Span:
    return note.period_start, note.period_end


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _phrase(words: str) -> str:
    return words.strip().rstrip(".")
