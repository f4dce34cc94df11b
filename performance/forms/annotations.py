"""Forms about what an officer says of a figure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from performance.forms.asking import AsksBeforeSending
from performance.forms.opened import text_box, use_plain_words
from performance.forms.words import NO_CHILD
from performance.models import Annotation, Measurement
from performance.presenters.figures import format_measurement

KINDS = [
    (Annotation.Kind.VALUE, "about this figure: it goes when the figure is restated"),
    (Annotation.Kind.PERIOD, "about this period, whatever the figure"),
    (Annotation.Kind.BREAK, "a break: from this period on, figures are counted differently"),
]


class AnnotationAddForm(AsksBeforeSending):
    """“This figure needs a word of explanation.”"""

    period = forms.ChoiceField(label="Figure")
    kind = forms.ChoiceField(
        label="What it is about",
        choices=KINDS,
        help_text="After a break the usual range starts afresh, and no figure is compared with "
        "one from before it.",
    )
    words = forms.CharField(
        label="What a reader should know, and why",
        help_text=f"Members read it beside the figure, on its chart and on paper. {NO_CHILD}",
        widget=text_box(4),
        max_length=600,
        error_messages={"required": "Say what a reader should know."},
    )

    def __init__(self, *args: Any, rows: Sequence[Measurement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {key_of_period(row.period_start, row.period_end): row for row in rows}
        period = self.fields["period"]
        assert isinstance(period, forms.ChoiceField)
        period.choices = [
            (key, f"{row.period_label}: {format_measurement(row)}")
            for key, row in self.rows.items()
        ]
        use_plain_words(self.fields.values())
        self.use_required_attribute = False

    def facts(self) -> dict[str, Any]:
        """What was filled in, for `annotate`."""
        row = self.rows[self.cleaned_data["period"]]
        return {
            "kind": self.cleaned_data["kind"],
            "series": row.series,
            "period_start": row.period_start,
            "period_end": row.period_end,
            "period_label": row.period_label,
            "words": self.cleaned_data["words"],
        }

    def clean(self) -> None:
        super().clean()
        row = self.rows.get(self.cleaned_data.get("period", ""))
        if row and self.cleaned_data.get("kind") == Annotation.Kind.BREAK:
            stands = Annotation.objects.current().filter(
                kind=Annotation.Kind.BREAK, series=row.series, area=row.area_id,
                period_start=row.period_start, period_end=row.period_end,
            )  # fmt: skip
            if stands.exists():
                self.add_error("kind", "A break stands at that period already: close that first.")


class AnnotationCloseForm(AsksBeforeSending):
    """“That does not hold any more.”"""

    reason = forms.CharField(
        label="Why it does not hold any more",
        help_text=f"It is kept with your name. {NO_CHILD}",
        widget=text_box(2),
        max_length=1000,
        error_messages={"required": "Say why: it is kept."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False


def key_of_period(start: date | str, end: date | str) -> str:
    """“2016-04-01/2016-06-30”."""
    return f"{start}/{end}"
