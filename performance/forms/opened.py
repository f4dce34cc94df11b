"""What every form about reference data has: why, and what stood when it was opened."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict

from performance.changes import ChangedSince, as_json
from performance.forms.asking import AsksBeforeSending
from performance.forms.words import LABELS, NO_CHILD, say_fact


@dataclass(frozen=True)
class Newer:
    """A fact that stands otherwise than the form has it."""

    label: str
    now: str


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def text_box(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=LABELS["reason"],
            help_text=f"It is kept in the history, with your name. {NO_CHILD}",
            widget=text_box(2),
            max_length=1000,
            error_messages={"required": "Say why: the history keeps it."},
            **kwargs,
        )


def use_plain_words(fields: Iterable[forms.Field]) -> None:
    """Puts our words for an empty box and an empty choice in the place of Django's."""
    theirs = forms.Field.default_error_messages["required"]
    for field in fields:
        is_choice = isinstance(field, forms.ChoiceField)
        if field.error_messages.get("required") == theirs:
            field.error_messages["required"] = "Choose one." if is_choice else "Fill this in."
        if isinstance(field, forms.TypedChoiceField):
            offered = cast(Iterable[tuple[str, str]], field.choices)
            field.choices = [(value, label if value else "choose one") for value, label in offered]


class WithReason(AsksBeforeSending):
    """Any form that is saved for a reason.

    `state` is what the thing was when the form was opened: a form that was opened on another
    state is not saved over it.
    """

    reason = ReasonField()
    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, state: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_at"] = state
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = as_json(value)
        use_plain_words(self.fields.values())
        self.is_stale = False
        self.newer: list[Newer] = []
        self.changed_by = ""
        # What was said of a field stands beside it, and once in the summary; the browser's own
        # bubble would be a third way.
        self.use_required_attribute = False
        self.order_fields([name for name in self.fields if name != "reason"])

    def facts(self) -> dict[str, Any]:
        """What was filled in, for the function of `changes` that saves it."""
        return dict(self.cleaned_data)

    def new_facts(self) -> dict[str, Any]:
        """The same for a new thing, which nobody can have changed since."""
        return {name: value for name, value in self.cleaned_data.items() if name != "opened_at"}

    def show_newer(self, newer: ChangedSince) -> None:
        """Keeps what was typed, shows what stands now, and lets it be sent again knowingly."""
        self.is_stale = True
        self.newer = [
            Newer(LABELS[name], say_fact(name, now))
            for name, now in newer.facts.items()
            if name in self.cleaned_data and as_json(self.cleaned_data[name]) != now
        ]
        if newer.event:
            self.changed_by = newer.event.by.get_username()
        sent = copy(self.data)
        assert isinstance(sent, QueryDict)
        sent[self.add_prefix("opened_at")] = newer.state
        self.data = sent
