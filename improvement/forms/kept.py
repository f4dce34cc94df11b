"""What every form by which the plan is kept has: its boxes, its reason, and what is newer."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from improvement.changes import ChangedSince
from improvement.importer.due_cells import read_due
from improvement.presenters.fact_words import LABELS, say_fact
from performance.calculations.partial_date import PartialDate, write_partial_date
from performance.forms.asking import AsksBeforeSending
from performance.forms.opened import text_box, use_plain_words
from performance.forms.words import NO_CHILD
from performance.importer.officers_cells import Question

LIKE_A_DATE = "A day, a month or a year, such as 30 September 2016 or September 2016."


@dataclass(frozen=True)
class Newer:
    """A fact that stands otherwise than the form has it."""

    label: str
    now: str


class PlainText(forms.CharField):
    """Text whose lines end in one way, whatever browser sent it; in a box of one line, one line."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not isinstance(text, str):
            return text
        is_line = isinstance(self.widget, forms.TextInput)
        return " ".join(text.splitlines()) if is_line else text.replace("\r\n", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(_lines(initial), _lines(data))


def _lines(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


class PartialDateField(forms.CharField):
    """A date that says no more than it says; comes back as a PartialDate."""

    def __init__(self, *, takes_words: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)
        self.takes_words = takes_words

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        read = read_due(text, takes_words=self.takes_words)
        if isinstance(read, Question):
            raise forms.ValidationError(f"{read.expected[:1].upper()}{read.expected[1:]}.")
        return read

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Its length was looked at when it was read."""

    def prepare_value(self, value: Any) -> Any:
        return write_partial_date(value) if isinstance(value, PartialDate) else value


def reason_field(label: str, help_text: str, *, required: bool = True) -> forms.CharField:
    return PlainText(
        label=label,
        help_text=f"{help_text} {NO_CHILD}",
        widget=text_box(2),
        max_length=1000,
        required=required,
        error_messages={"required": "Say why: it is kept in the history."},
    )


KEPT = "It is kept in the history, with your name."


class KeepForm(AsksBeforeSending):
    """Any form about the plan. `state` is what the thing was when the form was opened: a form that
    was opened on another state is not saved over it."""

    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)
    use_required_attribute = False
    # The boxes that are shown as a group of ticks.
    groups: tuple[str, ...] = ()

    def __init__(self, *args: Any, state: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened_at"] = state
        self.is_stale = False
        self.newer: list[Newer] = []
        self.changed_by = ""
        use_plain_words(self.fields.values())

    def offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def as_facts(self) -> dict[str, Any]:
        """What was filled in, as an event would keep it: to be held against what is newer."""
        return {}

    def show_newer(self, newer: ChangedSince) -> None:
        """Keeps what was typed, shows what stands now, and lets it be sent again knowingly."""
        mine = self.as_facts()
        self.newer = [
            Newer(LABELS[name], say_fact(name, now))
            for name, now in newer.facts.items()
            if name in LABELS and mine.get(name) != now
        ]
        self.changed_by = newer.event.by.get_username() if newer.event and newer.event.by else ""
        self.open_anew(newer.state)

    def open_anew(self, state: str) -> None:
        self.is_stale = True
        sent = copy(self.data)
        assert isinstance(sent, QueryDict)
        sent[self.add_prefix("opened_at")] = state
        self.data = sent
