"""Forms by which figures are loaded, loads withdrawn and periods locked."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from performance.forms.asking import AsksBeforeSending
from performance.forms.opened import DayInput, text_box, use_plain_words
from performance.forms.words import NO_CHILD
from performance.importer.loading import Options
from performance.uploads import MOST_BYTES, MOST_MEGABYTES

TOO_LARGE = (
    f"The file is larger than {MOST_MEGABYTES} MB: ask whoever runs the site to load it by the "
    "command, or split it."
)

WHY_UNLOCKED = (
    "Why figures of a locked period are changed",
    "It is kept with the load, with your name.",
    "Say why a locked period is changed.",
)


class PlainForm(AsksBeforeSending):
    """The browser's own bubble would say in a second way what stands beside the box."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_plain_words(self.fields.values())


def reason_field(label: str, help_text: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=f"{help_text} {NO_CHILD}",
        widget=text_box(2),
        max_length=1000,
        error_messages={"required": missing},
    )


class LoadNewForm(PlainForm):
    """“Here is the quarter’s file.”"""

    file = forms.FileField(
        label="The file",
        help_text=f"CSV or Excel (.xlsx), at most {MOST_MEGABYTES} MB or 100,000 rows.",
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
    )
    release = forms.ChoiceField(
        label="Which DfE release it is",
        required=False,
        help_text="Only where its name and its columns do not tell.",
    )
    released_on = forms.DateField(
        label="Released on",
        required=False,
        widget=DayInput(),
        help_text="For a newer DfE release than we know of. A back-load of figures in our own "
        "layout needs it: the day from which they were known.",
    )
    sheet = forms.CharField(
        label="Sheet",
        required=False,
        max_length=60,
        help_text="The name of the sheet to read, where a workbook has several.",
    )
    is_back_load = forms.BooleanField(
        label="This is an earlier release: a back-load",
        required=False,
        help_text="A figure from it counts only for the days before the next one was known.",
    )

    def __init__(
        self,
        *args: Any,
        releases: Sequence[tuple[str, str]],
        may_back_load: bool,
        is_too_large: bool = False,
        is_unfolded: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large, self.is_unfolded = is_too_large, is_unfolded
        release = self.fields["release"]
        assert isinstance(release, forms.ChoiceField)
        release.choices = [("", "tell by the file"), *releases]
        if not may_back_load:
            del self.fields["is_back_load"]
        if is_too_large:
            self.fields["file"].error_messages["required"] = TOO_LARGE

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """What is folded away: most files need none of it."""
        return [self[name] for name in self.fields if name != "file"]

    @property
    def is_open(self) -> bool:
        """Whether something in the fold is filled in, is wrong, or is what the page speaks of."""
        return self.is_unfolded or any(bound.errors or bound.data for bound in self.more_fields)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def options(self) -> Options:
        said = self.cleaned_data
        return Options(
            release=said["release"],
            released_on=said["released_on"],
            is_back_load=said.get("is_back_load", False),
            sheet=said["sheet"].strip(),
        )


class LoadConfirmForm(PlainForm):
    """“I have read the report: load it.”"""

    reason = reason_field(
        "Why figures are revised",
        "Members read this beside the restated figure.",
        "Say why: members read it beside the restated figure.",
    )
    unlock_reason = reason_field(*WHY_UNLOCKED)

    def __init__(self, *args: Any, revises: bool, unlocks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not revises:
            del self.fields["reason"]
        if not unlocks:
            del self.fields["unlock_reason"]


class LoadWithdrawForm(PlainForm):
    """“That load was wrong: take it out.”"""

    reason = reason_field(
        "Why the load is withdrawn",
        "Members may read it.",
        "Say why: it is kept with the load.",
    )
    unlock_reason = reason_field(*WHY_UNLOCKED)

    def __init__(self, *args: Any, unlocks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unlocks:
            del self.fields["unlock_reason"]


class PeriodLockForm(PlainForm):
    """“These figures are agreed and should not change any more.”"""

    period_start = forms.DateField(label="First day", widget=DayInput())
    period_end = forms.DateField(label="Last day", widget=DayInput())
    reason = reason_field(
        "Why it is locked",
        "For example, that the figures went to the panel.",
        "Say why: whoever meets the lock reads it.",
    )

    def clean(self) -> None:
        super().clean()
        first, last = (self.cleaned_data.get(f"period_{end}") for end in ("start", "end"))
        if first and last and last < first:
            self.add_error("period_end", "It ends before it starts: mend one of the two.")


class LockLiftForm(PlainForm):
    """“They may change again.”"""

    reason = reason_field(
        "Why it is lifted", "It is kept with the lock.", "Say why: it is kept with the lock."
    )
