"""Forms by which a round of updates is opened and its dates are changed."""

from copy import copy
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from improvement.changes import round_state
from improvement.models import UpdateRound
from performance.forms.asking import AsksBeforeSending
from performance.forms.opened import DayInput, text_box, use_plain_words
from performance.forms.words import NO_CHILD

# Each date and the one that it may not come before, with what is said when it does.
ORDER = [
    ("updates_due_on", "opens_on", "Updates cannot be due before the round opens."),
    ("figures_due_on", "opens_on", "Figures cannot be due before the round opens."),
    ("release_on", "updates_due_on", "The release cannot come before updates are due."),
    ("release_on", "figures_due_on", "The release cannot come before figures are due."),
]


class RoundOpenForm(AsksBeforeSending):
    """“Please say how your actions stand.”"""

    title = forms.CharField(
        label="What it is for",
        help_text=f"Such as “Updates for the meeting of 5 October 2016”. {NO_CHILD}",
        max_length=120,
    )
    opens_on = forms.DateField(label="Opens on", widget=DayInput())
    updates_due_on = forms.DateField(
        label="Updates due on",
        widget=DayInput(),
        help_text="Officers are reminded a week before, on the day, and while they are late.",
    )
    figures_due_on = forms.DateField(label="Figures due on", widget=DayInput())
    release_on = forms.DateField(
        label="Released to members on",
        widget=DayInput(),
        help_text="The day that is planned. The Director releases by hand.",
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_plain_words(self.fields.values())

    def clean(self) -> None:
        super().clean()
        for later, earlier, said in ORDER:
            first, second = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
            if isinstance(first, date) and isinstance(second, date) and second < first:
                self.add_error(later, said)

    def facts(self) -> dict[str, Any]:
        """What was filled in, for `open_round` and `change_round`."""
        names = ("title", "opens_on", "updates_due_on", "figures_due_on", "release_on")
        return {name: self.cleaned_data[name] for name in names}


class RoundChangeForm(RoundOpenForm):
    """“The meeting was moved.”"""

    reason = forms.CharField(
        label="Why it is changed",
        help_text=f"It is kept in the history, with your name. {NO_CHILD}",
        widget=text_box(2),
        max_length=1000,
        error_messages={"required": "Say why: the history keeps it."},
    )
    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, round: UpdateRound, **kwargs: Any) -> None:
        names = ("title", "opens_on", "updates_due_on", "figures_due_on", "release_on")
        initial = {name: getattr(round, name) for name in names}
        super().__init__(*args, initial=initial | {"opened_at": round_state(round)}, **kwargs)
        self.newer: UpdateRound | None = None

    def show_newer(self, newer: UpdateRound) -> None:
        """Keeps what was typed, shows what stands now, and lets it be sent again knowingly."""
        self.newer = newer
        sent = copy(self.data)
        assert isinstance(sent, QueryDict)
        sent["opened_at"] = round_state(newer)
        self.data = sent
