"""The panel's indicators: the list's columns, its filters, and what it exports."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.utils.timezone import localdate

from dashboard.presenters.indicators import (
    CHANGE_ORDER,
    DIRECTION_ORDER,
    RATING_ORDER,
    Due,
    EvidenceLinks,
    IndicatorRow,
)
from performance.calculations.better_or_worse import Sense
from performance.calculations.rating import RatingState
from performance.models import Measurement
from performance.presenters.credits import credit_figure


class IndicatorTable(tables.Table):
    """One indicator a row, with its sentence."""

    title = tables.Column(verbose_name="Indicator", order_by="title")
    latest = tables.Column(verbose_name="Latest", orderable=False)
    sparkline_svg = tables.Column(verbose_name="Course", orderable=False, empty_values=())
    direction = tables.Column(verbose_name="Going", order_by="direction_order", empty_values=())
    rating = tables.Column(verbose_name="Target", order_by="rating_order", empty_values=())
    change = tables.Column(verbose_name="Real change?", order_by="change_order", empty_values=())
    judgement = tables.Column(verbose_name="Judgement (our reading)", default="")
    due = tables.Column(verbose_name="Next figure", order_by="due_order", empty_values=())

    caption = "Indicators of the panel"
    css_class = "indicators"
    row_template = "dashboard/_indicator_row.html"
    anchor = "#indicators"

    class Meta:
        template_name = "django_tables2/govuk_table.html"
        empty_text = "No indicator matches: take a filter away."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(self.data.data)
        self.has_judgements = any(row.judgement for row in rows)
        self.has_due = any(row.due.words for row in rows)
        left_out = {"judgement": self.has_judgements, "due": self.has_due}
        self.exclude = tuple(name for name, is_shown in left_out.items() if not is_shown)


class IndicatorExportTable(tables.Table):
    """What a reader takes away: a row an indicator, its words without markup."""

    code = tables.Column(verbose_name="Code")
    title = tables.Column(verbose_name="Indicator")
    is_key = tables.Column(verbose_name="Key")
    judgement = tables.Column(verbose_name="Judgement (our reading)", default="")
    latest = tables.Column(verbose_name="Latest figure")
    period = tables.Column(verbose_name="Period", default="")
    source = tables.Column(verbose_name="Source", default="")
    direction = tables.Column(verbose_name="Going", order_by="direction_order", default="")
    rating = tables.Column(verbose_name="Target", order_by="rating_order", default="")
    change = tables.Column(
        accessor="change_words", verbose_name="Real change?", order_by="change_order", default=""
    )
    due = tables.Column(verbose_name="Next figure", order_by="due_order", empty_values=())
    sentence = tables.Column(verbose_name="In words", default="")

    def value_is_key(self, value: bool) -> str:
        return "yes" if value else "no"

    def value_direction(self, value: Sense) -> str:
        return value.value

    def value_rating(self, value: RatingState) -> str:
        return value.value

    def value_due(self, value: Due) -> str:
        return value.words


class FigureExportTable(tables.Table):
    """Every figure of one indicator that its page shows, with what its symbol means."""

    indicator = tables.Column(accessor="series__indicator__title", verbose_name="Indicator")
    series = tables.Column(accessor="series__code", verbose_name="Series")
    source = tables.Column(empty_values=(), verbose_name="Source")
    definition = tables.Column(verbose_name="Definition", accessor="series__definition", default="")
    area = tables.Column(accessor="area__name", verbose_name="Area")
    period_label = tables.Column(verbose_name="Period")
    period_start = tables.Column(verbose_name="From")
    period_end = tables.Column(verbose_name="To")
    value = tables.Column(verbose_name="Value", default="")
    unit = tables.Column(accessor="series__indicator__unit", verbose_name="Unit")
    symbol = tables.Column(verbose_name="Why there is no value", default="")
    flags = tables.Column(empty_values=(), verbose_name="Marked")
    note = tables.Column(verbose_name="Note", default="")
    known_from = tables.Column(verbose_name="Published")

    def value_source(self, record: Measurement) -> str:
        return credit_figure(record, record.series).words

    def value_period_start(self, value: date) -> str:
        return value.isoformat()

    def value_period_end(self, value: date) -> str:
        return value.isoformat()

    def value_value(self, value: Any) -> str:
        return f"{value.normalize():f}"

    def value_symbol(self, record: Any) -> str:
        return record.get_symbol_display()

    def value_known_from(self, value: Any) -> str:
        return localdate(value).isoformat()

    def value_flags(self, record: Any) -> str:
        flags = ["provisional", "revised", "estimated", "undated", "series_break"]
        return "; ".join(name.replace("_", " ") for name in flags if getattr(record, f"is_{name}"))


RATINGS = {one.value: one.value for one in RATING_ORDER}
DIRECTIONS = {one.name.lower(): one.value for one in DIRECTION_ORDER} | {
    "up": "up, neither better nor worse",
    "down": "down, neither better nor worse",
}
CHANGES = {one.value: one.value for one in CHANGE_ORDER}
DUE = {"due": "due", "late": "late", "old": "nothing newer"}


class IndicatorFilterForm(forms.Form):
    """Which indicators to list. What a filter asks is computed, so it filters what was computed."""

    show = forms.ChoiceField(label="Which indicators", required=False)
    judgement = forms.ChoiceField(label="Judgement", required=False)
    theme = forms.ChoiceField(label="Theme", required=False)
    rating = forms.ChoiceField(label="Target", required=False)
    direction = forms.ChoiceField(label="Going", required=False)
    change = forms.ChoiceField(label="Real change?", required=False)
    due = forms.ChoiceField(label="Next figure", required=False)

    def __init__(
        self,
        *args: Any,
        rows: Sequence[IndicatorRow],
        links: EvidenceLinks,
        in_set: int,
        keys: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("show", {"": f"the {keys} key ones", "all": f"all {in_set} of the panel’s"})
        judgements = {slug for row in rows for slug in row.judgements}
        themes = {slug for row in rows for slug in row.themes}
        self._choose("judgement", judgements, links.every_judgement)
        self._choose("theme", themes, links.every_theme)
        self._choose("rating", {row.rating.value for row in rows}, RATINGS)
        going = {row.direction.name.lower() for row in rows if row.direction}
        self._choose("direction", going, DIRECTIONS)
        self._choose("change", {row.change.value for row in rows if row.change}, CHANGES)
        self._choose("due", {_due_state(row.due) for row in rows}, DUE)

    def _choose(self, name: str, found: Collection[str], labels: Mapping[str, str]) -> None:
        """Offers what some row has and what was asked; a field without a choice is left out."""
        asked = self.data.get(name)
        choices = {
            value: label for value, label in labels.items() if value in found or value == asked
        }
        if choices or asked:
            self._offer(name, {"": "any"} | choices)
        else:
            del self.fields[name]

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices.items())

    @property
    def is_filtering(self) -> bool:
        """Whether anything but the choice of key or all was asked."""
        self.is_valid()
        asked = any(value for name, value in self.cleaned_data.items() if name != "show")
        return asked or bool(self.errors)

    def listed(self, rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
        """The rows that match; an unknown choice is no filter, and the form says so."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        return [
            row
            for row in rows
            if wanted.get("judgement") in (None, *row.judgements)
            and wanted.get("theme") in (None, *row.themes)
            and wanted.get("rating") in (None, row.rating and row.rating.value)
            and wanted.get("direction") in (None, row.direction and row.direction.name.lower())
            and wanted.get("change") in (None, row.change and row.change.value)
            and wanted.get("due") in (None, _due_state(row.due))
        ]


def _due_state(due: Due) -> str:
    if due.on is None:
        return "old" if due.old_since else ""
    return "late" if due.is_late else "due"
