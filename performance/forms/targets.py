"""Forms about targets."""

from typing import Any

from django import forms

from performance.forms.fields import ProfileField
from performance.forms.opened import DayInput, WithReason, text_box
from performance.forms.words import LABELS, NO_CHILD
from performance.models import Area, Series, Target

TARGET_FIELDS = ["period_label", "low", "high", "profile", "basis", "set_by"]


class TargetChangeForm(WithReason, forms.ModelForm):
    """“The council means to reach something else in that period.”"""

    profile = ProfileField(
        label=LABELS["profile"],
        required=False,
        widget=text_box(3),
        help_text="Only for a count that adds up over the year, and only where it was agreed. A "
        "day and an amount on each line, such as 2016-06-30 7.",
    )

    class Meta:
        model = Target
        fields = TARGET_FIELDS
        labels = LABELS
        help_texts = {
            "period_label": "As a page prints it, such as 2016/17.",
            "low": "The floor, in the indicator’s unit. Leave it empty where there is none.",
            "high": "The ceiling. Fill in both for a range.",
            "basis": f"Where it was decided, and the words. {NO_CHILD}",
            "set_by": "A body or a post, never a person by name.",
        }
        widgets: dict[str, forms.Widget] = {"basis": text_box()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in (
            ("basis", "Say where it was decided."),
            ("set_by", "Say which body or post set it."),
        ):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = message

    def clean(self) -> None:
        super().clean()
        if self.errors.keys() & {"low", "high"}:
            return
        low, high = self.cleaned_data.get("low"), self.cleaned_data.get("high")
        if low is None and high is None:
            self.add_error("low", "Give a floor, a ceiling or both.")
        elif low is not None and high is not None and low > high:
            self.add_error("high", "The ceiling is below the floor: mend one of the two.")


class TargetSetForm(TargetChangeForm):
    """“The council has set itself a target.”"""

    class Meta(TargetChangeForm.Meta):
        fields = ["series", "period_start", "period_end", *TARGET_FIELDS]
        widgets: dict[str, forms.Widget] = {
            "basis": text_box(),
            "period_start": DayInput(),
            "period_end": DayInput(),
        }

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area = area
        series = self.fields["series"]
        assert isinstance(series, forms.ModelChoiceField)
        listed = Series.objects.select_related("indicator")
        series.queryset = listed.order_by("indicator__short_title", "code")
        series.empty_label = "choose one"

    def clean(self) -> None:
        super().clean()
        first, last = (self.cleaned_data.get(f"period_{end}") for end in ("start", "end"))
        if first and last and last < first:
            self.add_error("period_end", "The period ends before it starts: mend one of the two.")
        elif first and last and (series := self.cleaned_data.get("series")):
            stands = Target.objects.current().filter(
                series=series, area=self.area, period_start=first, period_end=last
            )
            if stands.exists():
                self.add_error("series", "A target for that period stands already: change that.")


class TargetWithdrawForm(WithReason):
    """“The council no longer means to reach it.”"""
