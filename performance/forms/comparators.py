"""Forms about the councils that a council is held beside."""

from typing import Any

from django import forms

from performance.changes import Neighbour
from performance.forms.fields import NeighboursField
from performance.forms.indicators import TAKEN, refuse_address_word
from performance.forms.opened import DayInput, WithReason, text_box
from performance.forms.words import LABELS, NO_CHILD
from performance.models import Area, ComparatorGroup

GROUP_FIELDS = ["title", "source", "in_force_from", "statistic"]


class ComparatorChangeForm(WithReason, forms.ModelForm):
    """“The list of councils beside us was wrong, or is worded otherwise.”"""

    members = NeighboursField(
        label=LABELS["members"],
        required=False,
        widget=text_box(11),
        help_text="A council on each line, by name or three-digit code; after a comma, how close "
        "it is, such as Derby, very close.",
    )

    class Meta:
        model = ComparatorGroup
        fields = GROUP_FIELDS
        labels = LABELS
        help_texts = {
            "title": "With the list’s year. A later list is a group of its own.",
            "source": f"Who published the list, and where. {NO_CHILD}",
            "statistic": "A page names it and gives both.",
        }
        widgets = {"source": text_box(2), "in_force_from": DayInput()}

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area = area

    def clean_members(self) -> list[Neighbour]:
        members: list[Neighbour] = self.cleaned_data["members"]
        if self.area in [neighbour.area for neighbour in members]:
            raise forms.ValidationError(f"{self.area} is not its own neighbour: leave it out.")
        return members


class ComparatorAddForm(ComparatorChangeForm):
    """“There is a new list of councils beside us.”"""

    class Meta(ComparatorChangeForm.Meta):
        fields = ["slug", *GROUP_FIELDS]
        help_texts = ComparatorChangeForm.Meta.help_texts | {
            "slug": "Small letters, digits and hyphens, such as neighbours-2025. It never changes.",
        }
        error_messages = {"slug": {"unique": TAKEN}}

    def clean_slug(self) -> str:
        return refuse_address_word(self.cleaned_data["slug"])
