"""Forms about themes, a plan that follows another, and a plan's spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify

from improvement.changes import ThemeWords
from improvement.changes.plans import has_added
from improvement.forms.keeping import SentOnceForm
from improvement.forms.kept import KEPT, KeepForm, PlainText, reason_field
from improvement.models import Framework, Paper, Plan, Theme
from improvement.permissions import Person
from performance.forms.loads import TOO_LARGE, PlainForm
from performance.forms.opened import DayInput
from performance.forms.words import NO_CHILD
from performance.uploads import MOST_BYTES, MOST_MEGABYTES


class ThemeForm(KeepForm):
    """What a theme is called, for a form that adds and one that changes."""

    number = forms.IntegerField(
        label="Number", min_value=1, max_value=99,
        help_text="It begins the references of its new actions: 4 gives 4.01.",
    )  # fmt: skip
    title = PlainText(label="Title", max_length=200, help_text=NO_CHILD)
    short_title = PlainText(
        label="Short title", max_length=80, help_text=f"For lists and charts. {NO_CHILD}"
    )
    lead_service = PlainText(
        label="Service that leads it", max_length=120, required=False,
        help_text="A service and never a person.",
    )  # fmt: skip
    paragraph = PlainText(
        label="Paragraph of the paper", max_length=20, required=False,
        help_text="Where the plan’s paper tells it, such as 3.4.1.",
    )  # fmt: skip

    def __init__(self, *args: Any, plan: Plan, theme: Theme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = plan.themes.exclude(pk=theme.pk) if theme else plan.themes.all()

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if other := self.others.filter(number=number).first():
            raise forms.ValidationError(f"“{other.title}” has this number.")
        return number

    def words(self) -> ThemeWords:
        names = ("number", "title", "short_title", "paragraph", "lead_service")
        return ThemeWords(**{name: self.cleaned_data[name] for name in names})

    def as_facts(self) -> dict[str, Any]:
        return vars(self.words())


class ThemeAddForm(ThemeForm):
    """“The plan has one theme more.”"""

    def clean(self) -> None:
        super().clean()
        name = slugify(self.cleaned_data.get("short_title", ""))[:50]
        if "short_title" in self.cleaned_data and not name:
            self.add_error("short_title", "Write it in letters: its address is made of it.")
        elif other := self.others.filter(slug=name).first():
            self.add_error("short_title", f"“{other.title}” has this address already.")
        self.slug = name


class ThemeChangeForm(ThemeForm):
    """“It is called something else now.”"""

    reason = reason_field("Why it is changed", KEPT)


class ThemeLeadsForm(KeepForm):
    """“These people answer for the theme.”"""

    groups = ("leads",)

    leads = forms.MultipleChoiceField(
        label="Who leads it",
        required=False,
        help_text="They keep its actions and approve its updates. Whoever may keep actions is "
        "listed.",
    )
    needs_approval = forms.BooleanField(
        label="A lead approves its updates",
        required=False,
        help_text="Without this tick an update can be released as soon as it is sent.",
    )
    reason = reason_field("Why it is changed", KEPT, required=False)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.get_username(): person for person in people}
        self.offer("leads", [(name, name) for name in self.people])

    def chosen(self) -> list[Person]:
        return [self.people[name] for name in self.cleaned_data["leads"]]

    def as_facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"leads": sorted(said["leads"]), "needs_approval": said["needs_approval"]}


CARRY = [
    ("actions", "its themes, and the actions that are not complete or stopped"),
    ("themes", "its themes alone"),
    ("nothing", "nothing: the plan starts empty"),
]


class PlanAddForm(SentOnceForm):
    """“A new plan takes this one’s place.”"""

    title = PlainText(label="Title", max_length=200, help_text=NO_CHILD)
    starts_on = forms.DateField(
        label="Starts on", widget=DayInput(),
        help_text="From this day on the site shows the new plan; pages of earlier days keep the "
        "old one.",
    )  # fmt: skip
    ends_on = forms.DateField(label="Ends on", widget=DayInput(), required=False)
    framework = forms.ModelChoiceField(
        Framework.objects.order_by("-in_force_from"),
        label="Judged under",
        empty_label="choose one",
        help_text="The framework whose judgements its actions serve.",
    )
    paper = forms.ModelChoiceField(
        Paper.objects.order_by("-published_on", "slug"),
        label="Its paper",
        required=False,
        empty_label="none",
        help_text="The report that it was read from, where there is one.",
    )
    carries = forms.ChoiceField(
        label="What it takes over from the old plan",
        choices=CARRY,
        help_text="Actions get new references, say which they come from, and keep their dates.",
    )
    reason = reason_field("Why there is a new plan", KEPT)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < self.on:
            raise forms.ValidationError(
                "Today or a later day: pages of earlier days keep the plan that they had."
            )
        return day

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "It ends before it starts: mend one of the two.")
        day = self.cleaned_data.get("starts_on")
        title = slugify(self.cleaned_data.get("title", ""))[:44]
        self.slug = f"{title}-{day.year}" if title and day else ""
        if "title" in self.cleaned_data and not title:
            self.add_error("title", "Write it in letters: its address is made of it.")
        elif Plan.objects.filter(slug=self.slug).exists() and not self._has_added():
            self.add_error("title", "A plan of this title starts in the same year: name it apart.")

    def _has_added(self) -> bool:
        """Whether this form was sent before: `add_plan` tells whether it said the same."""
        submission = self.cleaned_data.get("submission")
        return submission is not None and has_added(submission)

    def facts(self) -> dict[str, Any]:
        """What was filled in, for `add_plan`."""
        names = ("title", "starts_on", "ends_on", "framework", "paper", "reason", "submission")
        carries = self.cleaned_data["carries"]
        return {
            "slug": self.slug,
            "carries_themes": carries != "nothing",
            "carries_actions": carries == "actions",
            **{name: self.cleaned_data[name] for name in names},
        }


class PlanLoadForm(PlainForm):
    """“Here is the plan as a spreadsheet.”"""

    file = forms.FileField(
        label="The file",
        help_text=f"CSV or Excel (.xlsx), at most {MOST_MEGABYTES} MB or 10,000 rows. {NO_CHILD}",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
    )
    plan = forms.ModelChoiceField(
        Plan.objects.none(), label="Into which plan", to_field_name="slug", empty_label=None
    )
    sheet = forms.CharField(
        label="Sheet",
        required=False,
        max_length=60,
        help_text="The name of the sheet to read, where a workbook has several.",
    )

    def __init__(
        self, *args: Any, plans: Sequence[Plan], is_too_large: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
        self.plans = plans
        if len(plans) == 1:
            field.required = False
            field.widget = forms.HiddenInput()
        if is_too_large:
            self.fields["file"].error_messages["required"] = TOO_LARGE

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def chosen_plan(self) -> Plan:
        chosen: Plan | None = self.cleaned_data.get("plan")
        return chosen or self.plans[0]


class PlanLoadConfirmForm(PlainForm):
    """“I have read the report: load it.”"""

    looked = forms.BooleanField(
        label="I have looked at these words: no child or family can be recognised",
        error_messages={"required": "Look at the words that are listed, then tick this."},
    )
    reason = reason_field("Why the plan is changed", "It is kept with every change.")

    def __init__(self, *args: Any, asks_to_look: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_to_look:
            del self.fields["looked"]
