"""Forms by which what was sent is approved, sent back and released."""

from typing import Any

from django import forms

from performance.forms.asking import AsksBeforeSending
from performance.forms.opened import text_box
from performance.forms.words import NO_CHILD

NUMBER = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class NumbersField(forms.CharField):
    """Keys of updates with spaces between them; comes back as a list of numbers."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        return [NUMBER.clean(word) for word in (super().to_python(value) or "").split()]


class TickedField(forms.MultipleChoiceField):
    """Ticked keys of updates, and those that a button holds together; whether they still wait is
    asked when they are approved."""

    def to_python(self, value: Any) -> Any:
        words = [word for some in super().to_python(value) for word in some.split()]
        return [NUMBER.clean(word) for word in dict.fromkeys(words)]

    def valid_value(self, value: Any) -> bool:
        return True


class ApproveForm(forms.Form):
    """“These are good: they can be released.”"""

    update = TickedField(
        label="Updates to approve",
        error_messages={"required": "Tick at least one update, or send one back."},
    )


class UpdateReturnForm(AsksBeforeSending):
    """“Say it again, and this is why.”"""

    reason = forms.CharField(
        label="Why you send it back",
        help_text="Say what is missing or has to change. Whoever sent it reads this first, with "
        f"your name, and it is kept. Members never read it. {NO_CHILD}",
        widget=text_box(4),
        max_length=1000,
        error_messages={"required": "Say why: whoever sent it reads this first."},
    )
    use_required_attribute = False


class ReleaseForm(forms.Form):
    """“Members may read these.” It carries what was read, so that nothing else is released."""

    shown = NumbersField(required=False)
    round = forms.IntegerField(required=False, widget=forms.HiddenInput)
    is_checked = forms.BooleanField(required=False, widget=forms.HiddenInput)
