"""Forms by which personal information is taken out."""

from typing import Any

from django import forms

from improvement.models import Removal
from improvement.removal.matching import Words
from performance.forms.loads import PlainForm, reason_field

HOLDS_WORDS = "Say why without the words themselves: the reason is kept."


class RemovalAskForm(PlainForm):
    """“These words name a person and must go.”"""

    words = forms.CharField(
        label="The words to take out",
        help_text="A name, or the few words by which a person is known. Each text that holds them "
        "is hidden whole, however they are written in it.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write the words to take out."},
    )
    reason = reason_field(
        "Why",
        "It is kept with your name, also when the words are gone. Do not repeat the words.",
        "Say why these words must go.",
    )

    def __init__(self, *args: Any, fewest_letters: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fewest_letters = fewest_letters

    def clean_words(self) -> str:
        said: str = self.cleaned_data["words"]
        if not Words(said).has_letters(self.fewest_letters):
            raise forms.ValidationError(
                f"Write at least {self.fewest_letters} letters or digits: "
                "fewer stand in too many texts."
            )
        return said

    def clean(self) -> None:
        super().clean()
        said, reason = self.cleaned_data.get("words"), self.cleaned_data.get("reason")
        if said and reason and Words(said).found_in(reason):
            self.add_error("reason", HOLDS_WORDS)


class RemovalDecideForm(PlainForm):
    """“I have read them: they go”, or “they stay”. The decision is the button that was pressed."""

    decision = forms.ChoiceField(
        choices=Removal.Outcome.choices,
        widget=forms.HiddenInput,
        error_messages={"required": "Press one of the two buttons."},
    )
    reason = reason_field(
        "Why",
        "It is kept with your name. Do not repeat the words.",
        "Say why they go, or why they stay.",
    )

    def __init__(self, *args: Any, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.words.found_in(reason):
            raise forms.ValidationError(HOLDS_WORDS)
        return reason
