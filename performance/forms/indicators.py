"""Forms about indicators, their series, and which of them the panel looks at."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from performance.changes import panel_set_facts, panel_set_problem
from performance.forms.opened import DayInput, WithReason, text_box
from performance.forms.words import LABELS, NO_CHILD
from performance.models import Indicator, Series

TAKEN = "This code is taken: choose another, or change what has it."
FIELDS = [
    "title", "short_title", "definition", "why_it_matters", "good_looks_like", "unit", "decimals",
    "polarity", "polarity_basis", "tolerance", "kind", "owner", "next_due_on", "counts_children",
    "part_of",
]  # fmt: skip


def refuse_address_word(code: str) -> str:
    """The code, unless it is the word in the address of the page that adds one."""
    if code.casefold() == "new":
        raise ValidationError("“new” cannot be a code: choose another.")
    return code


class IndicatorChangeForm(WithReason, forms.ModelForm):
    """“What we measure is worded, rounded or judged otherwise from now on.”"""

    class Meta:
        model = Indicator
        fields = FIELDS
        labels = LABELS
        help_texts = {
            "short_title": "For tables and charts, at most 100 letters.",
            "definition": f"In words a councillor would use. {NO_CHILD}",
            "why_it_matters": f"One or two sentences. {NO_CHILD}",
            "good_looks_like": f"Which figures would be good, and by whose word. {NO_CHILD}",
            "unit": "Such as %, children, carers, £ million, per 10,000 children.",
            "decimals": "How many digits after the point a figure is shown with.",
            "polarity_basis": f"Needed where it is not plain. {NO_CHILD}",
            "tolerance": "In the indicator’s unit. Leave it empty where none has been agreed.",
            "kind": "Context has no target and no colour.",
            "owner": "A service, never a person.",
            "counts_children": "A small number could then lead to a child.",
            "part_of": "For readers. Which counts are hidden together is said in series_links.csv.",
        }
        widgets = {
            "definition": text_box(4),
            "why_it_matters": text_box(),
            "good_looks_like": text_box(),
            "polarity_basis": text_box(2),
            "next_due_on": DayInput(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wholes = self.fields["part_of"]
        assert isinstance(wholes, forms.ModelChoiceField)
        wholes.queryset = Indicator.objects.exclude(pk=self.instance.pk).order_by("short_title")
        wholes.empty_label = "of none"

    def clean_decimals(self) -> int:
        decimals: int = self.cleaned_data["decimals"]
        if decimals > 6:
            raise ValidationError("At most 6: no figure is kept more finely.")
        return decimals

    def clean_tolerance(self) -> Decimal | None:
        tolerance: Decimal | None = self.cleaned_data["tolerance"]
        if tolerance is not None and tolerance < 0:
            raise ValidationError("A distance from the target is not below nought.")
        return tolerance

    def clean_part_of(self) -> Indicator | None:
        whole: Indicator | None = self.cleaned_data["part_of"]
        above = whole
        while above is not None:
            if above.pk == self.instance.pk:
                raise ValidationError("That is itself a part of this one: choose another whole.")
            above = above.part_of
        return whole


class IndicatorAddForm(IndicatorChangeForm):
    """“We measure something new.”"""

    class Meta(IndicatorChangeForm.Meta):
        fields = ["code", *FIELDS]
        help_texts = IndicatorChangeForm.Meta.help_texts | {
            "code": "Small letters, digits and hyphens, such as re-referrals. It is part of the "
            "page’s address and never changes.",
        }
        error_messages = {"code": {"unique": TAKEN}}

    def clean_code(self) -> str:
        return refuse_address_word(self.cleaned_data["code"])


SERIES_FIELDS = [
    "source", "source_short", "definition", "kind_of_figure", "periods", "rounding", "suppression",
    "threshold", "lowest", "highest", "order", "next_published_on", "comparable_with",
]  # fmt: skip


class SeriesChangeForm(WithReason, forms.ModelForm):
    """“Where these figures come from is worded or treated otherwise from now on.”"""

    class Meta:
        model = Series
        fields = SERIES_FIELDS
        labels = LABELS | {"definition": "Where it differs from the indicator’s definition"}
        help_texts = {
            "source": f"Publisher, title, and table or paragraph. {NO_CHILD}",
            "source_short": "As a chart names it, such as DfE, 2025.",
            "definition": f"A changed definition is a series of its own. {NO_CHILD}",
            "periods": "Kinds of period, parted by semicolons: day; month; quarter; financial "
            "year; academic year; calendar year; other.",
            "rounding": "As the source says, such as to the nearest 5.",
            "suppression": "Shown as published hides nothing for being small: only for figures "
            "that are public already.",
            "threshold": "For the local rule only, 2 or more: counts from 1 to this are hidden.",
            "lowest": "A figure below this is refused when it is loaded: 0 for a count or a share. "
            "Leave it empty where nothing is certain.",
            "highest": "A figure above this is refused: 100 for a share of a whole. Leave it empty "
            "where nothing is certain.",
            "order": "The lowest speaks for the indicator where only one series can.",
            "next_published_on": "Where the source says so.",
            "comparable_with": "Only series of one meaning: the same definition and kind of "
            "period. To choose several, hold Ctrl (or ⌘).",
        }
        widgets = {
            "source": text_box(2),
            "definition": text_box(),
            "next_published_on": DayInput(),
            "comparable_with": forms.SelectMultiple(attrs={"size": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = self.fields["comparable_with"]
        assert isinstance(others, forms.ModelMultipleChoiceField)
        listed = Series.objects.exclude(pk=self.instance.pk).select_related("indicator")
        others.queryset = listed.order_by("indicator__short_title", "code")

    def clean(self) -> None:
        super().clean()
        threshold = self.cleaned_data.get("threshold")
        local = self.cleaned_data.get("suppression") == Series.Suppression.LOCAL_THRESHOLD
        if local and threshold is None and "threshold" not in self.errors:
            self.add_error("threshold", "The local rule needs the largest number that it hides.")
        elif local and threshold is not None and threshold < 2:
            self.add_error("threshold", "Give 2 or more: hiding only ones says they are ones.")
        elif threshold is not None and not local:
            self.add_error("threshold", "Only the local rule has one: leave this empty.")
        lowest, highest = (self.cleaned_data.get(name) for name in ("lowest", "highest"))
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("highest", "This is below the lowest figure: mend one of the two.")


class SeriesAddForm(SeriesChangeForm):
    """“An indicator has figures from another source, or under another definition.”"""

    code = forms.RegexField(
        r"^[0-9A-Za-z][0-9A-Za-z._-]*$",
        label=LABELS["code"],
        max_length=100,
        help_text="Letters, digits, hyphens and dots, such as re-referrals.council. It never "
        "changes: files name their series by it.",
        error_messages={
            "invalid": "Use only letters, digits, hyphens, underscores and dots.",
            "unique": TAKEN,
        },
    )

    class Meta(SeriesChangeForm.Meta):
        fields = ["indicator", "code", *SERIES_FIELDS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indicators = self.fields["indicator"]
        assert isinstance(indicators, forms.ModelChoiceField)
        indicators.queryset = Indicator.objects.order_by("short_title")
        indicators.empty_label = "choose one"

    def clean_code(self) -> str:
        return refuse_address_word(self.cleaned_data["code"])


@dataclass(frozen=True)
class PanelSetRow:
    code: str
    title: str
    is_in_set: bool
    is_key: bool


class PanelSetForm(WithReason):
    """“This is what the panel looks at, and this dozen comes first.”"""

    in_set = forms.MultipleChoiceField(label=LABELS["in_set"], required=False)
    key = forms.MultipleChoiceField(label=LABELS["key"], required=False)

    def __init__(self, *args: Any, indicators: list[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, initial=panel_set_facts(indicators), **kwargs)
        self.indicators = indicators
        for name in ("in_set", "key"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(one.code, one.short_title) for one in indicators]

    def rows(self) -> list[PanelSetRow]:
        """A line for each indicator, ticked as it is or as it was just typed."""
        in_set, key = (set(self[name].value() or []) for name in ("in_set", "key"))
        return [
            PanelSetRow(one.code, one.short_title, one.code in in_set, one.code in key)
            for one in self.indicators
        ]

    def clean(self) -> None:
        super().clean()
        if problem := panel_set_problem(
            self.cleaned_data.get("in_set", []), self.cleaned_data.get("key", [])
        ):
            self.add_error("key", problem)
        # In the order of an event, so that the two can be held against each other.
        for name in {"in_set", "key"} & set(self.cleaned_data):
            self.cleaned_data[name] = sorted(self.cleaned_data[name])
