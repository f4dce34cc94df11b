"""The panel's indicators: the list's columns, its filters, and what it exports."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.timezone import localdate

from dashboard.presenters.indicators import (
    CHANGE_ORDER,
    DIRECTION_ORDER,
    RATING_ORDER,
    Due,
    IndicatorRow,
)
from dashboard.templatetags.dashboard_tags import keep_day
from performance.calculations.better_or_worse import Sense
from performance.calculations.rating import RatingState

ARROWS = {Sense.UP: "up", Sense.DOWN: "down", Sense.BETTER: "better", Sense.WORSE: "worse",
          Sense.SAME: "the same"}  # fmt: skip


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
    anchor = "#indicators"

    class Meta:
        template_name = "django_tables2/govuk_table.html"
        empty_text = "No indicator matches: take a filter away."

    def __init__(self, *args: Any, as_at: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_at = as_at
        rows = list(self.data.data)
        empty = [name for name in ("judgement",) if not any(getattr(row, name) for row in rows)]
        if not any(row.due.on for row in rows):
            empty.append("due")
        self.exclude = tuple(empty)

    def render_title(self, record: IndicatorRow) -> str:
        address = keep_day(record.url, self.as_at)
        return format_html(
            '<a class="govuk-link" href="{}">{}</a>{}',
            address,
            record.title,
            format_html(' <span class="row-sentence">{}</span>', record.sentence)
            if record.sentence
            else "",
        )

    def render_latest(self, record: IndicatorRow) -> str:
        return format_html(
            '<strong class="latest">{}</strong> <span class="small">{}</span>',
            record.latest,
            record.period,
        )

    def render_sparkline_svg(self, record: IndicatorRow) -> str:
        # Built by `charts.sparkline` from numbers alone.
        return mark_safe(record.sparkline_svg)

    def render_direction(self, record: IndicatorRow) -> str:
        if record.direction is None:
            return ""
        return format_html(
            '<span class="going going-{}">{}</span>',
            record.direction.name.lower(),
            ARROWS[record.direction],
        )

    def render_rating(self, record: IndicatorRow) -> str:
        if record.rating in (None, RatingState.NO_TARGET):
            return ""
        tone = record.rating.name.lower().replace("_", "-") if record.is_coloured else "plain"
        return format_html('<span class="rating rating-{}">{}</span>', tone, record.rating.value)

    def render_change(self, record: IndicatorRow) -> str:
        return record.change_words

    def render_due(self, value: Due) -> str:
        return format_html('<b class="worry">{}</b>', value.words) if value.is_late else value.words


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
        return ARROWS[value]

    def value_rating(self, value: RatingState) -> str:
        return value.value

    def value_due(self, value: Due) -> str:
        return value.words


class FigureExportTable(tables.Table):
    """Every figure of one indicator that its page shows, with what its symbol means."""

    indicator = tables.Column(accessor="series__indicator__title", verbose_name="Indicator")
    series = tables.Column(accessor="series__code", verbose_name="Series")
    source = tables.Column(accessor="series__source", verbose_name="Source")
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


class IndicatorFilterForm(forms.Form):
    """Which indicators to list. What a filter asks is computed, so it filters what was computed."""

    show = forms.ChoiceField(label="Show", required=False)
    judgement = forms.ChoiceField(label="Judgement", required=False)
    theme = forms.ChoiceField(label="Theme", required=False)
    rating = forms.ChoiceField(label="Target", required=False)
    direction = forms.ChoiceField(label="Going", required=False)
    change = forms.ChoiceField(label="Real change?", required=False)
    due = forms.ChoiceField(label="Next figure", required=False)

    def __init__(
        self,
        *args: Any,
        judgements: dict[str, str],
        themes: dict[str, str],
        in_set: int,
        keys: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("show", {"": f"the {keys} key ones", "all": f"all {in_set} of the panel’s"})
        self._offer("judgement", {"": "any"} | judgements)
        self._offer("theme", {"": "any"} | themes)
        self._offer("rating", {"": "any"} | {one.value: one.value for one in RATING_ORDER})
        self._offer(
            "direction", {"": "any"} | {one.name.lower(): ARROWS[one] for one in DIRECTION_ORDER}
        )
        self._offer("change", {"": "any"} | {one.value: one.value for one in CHANGE_ORDER})
        self._offer("due", {"": "any", "due": "due", "late": "late"})
        if not judgements:
            del self.fields["judgement"]
        if not themes:
            del self.fields["theme"]

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices.items())

    @property
    def keys_only(self) -> bool:
        """Without a word about it a reader gets the dozen, and filters look through them alone."""
        self.is_valid()
        return self.cleaned_data.get("show") != "all"

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
        return ""
    return "late" if due.is_late else "due"
