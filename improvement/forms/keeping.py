"""Forms by which an action is added, reworded, given to somebody, split, stopped and linked."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from improvement.changes import ActionLinks, ActionWords, Part
from improvement.changes.facts import link_facts, word_facts
from improvement.forms.kept import (
    KEPT,
    LIKE_A_DATE,
    KeepForm,
    PartialDateField,
    PlainText,
    reason_field,
)
from improvement.importer.plan_sheet import REFERENCE
from improvement.models import Action, Judgement
from improvement.permissions import Person
from performance.calculations.partial_date import PartialDate
from performance.forms.opened import text_box, use_plain_words
from performance.forms.words import NO_CHILD
from performance.models import Indicator

A_REFERENCE = "Letters, digits, “.” and “-” alone, at most 12 of them, such as 4.01b."


def wording_fields() -> dict[str, forms.Field]:
    """The boxes of what is promised, for a form that adds and one that rewords."""
    return {
        "title": PlainText(
            label="Title", max_length=120, help_text=f"In a few words. {NO_CHILD}"
        ),
        "promised": PlainText(
            label="What is promised",
            help_text=f"Members read it first. {NO_CHILD}",
            widget=text_box(4),
            max_length=4000,
        ),
        "kind": forms.ChoiceField(label="Kind", choices=Action.Kind.choices),
        "impact_sought": PlainText(
            label="What it is meant to change",
            required=False,
            help_text=f"For children and families, so that somebody can say later whether it did. "
            f"{NO_CHILD}",
            widget=text_box(3),
            max_length=2000,
        ),
        "owner_service": PlainText(
            label="Service that answers for it",
            required=False,
            max_length=120,
            help_text="Members read the service and never a person’s name.",
        ),
        "owner_role": PlainText(
            label="Post or body that answers for it",
            required=False,
            max_length=120,
            help_text="Only where a post or a board is named and not a service.",
        ),
        "cabinet": PartialDateField(
            label="Goes to Cabinet", required=False, help_text=LIKE_A_DATE
        ),
    }  # fmt: skip


def clean_reference(reference: str) -> str:
    if not REFERENCE.fullmatch(reference):
        raise forms.ValidationError(A_REFERENCE)
    # Of which plan is not said: it may be one that has not started, and few know of it.
    if Action.objects.filter(reference__iexact=reference).exists():
        raise forms.ValidationError(
            "Another action has this reference, and references are never used again."
        )
    return reference


class ActionRewordForm(KeepForm):
    """“This is what we promise, said better.”"""

    note = PlainText(
        label="Note", required=False, widget=text_box(2), max_length=1000,
        help_text=f"What a reader should know beside it. {NO_CHILD}",
    )  # fmt: skip
    reason = reason_field("Why it is reworded", KEPT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= wording_fields()
        use_plain_words(self.fields.values())
        self.order_fields([*wording_fields(), "note", "reason"])

    def words(self) -> ActionWords:
        said = self.cleaned_data
        return ActionWords(**{name: said[name] for name in (*wording_fields(), "note")})

    def as_facts(self) -> dict[str, Any]:
        return word_facts(self.words())


class ActionLinkForm(KeepForm):
    """“This is what it serves, and these figures should move.”"""

    groups = ("others", "indicators")

    main = forms.ChoiceField(label="Main judgement")
    others = forms.MultipleChoiceField(label="Other judgements that it serves", required=False)
    indicators = forms.MultipleChoiceField(label="Figures that it should move", required=False)
    reason = reason_field("Why it is linked otherwise", KEPT, required=False)

    def __init__(
        self,
        *args: Any,
        judgements: Sequence[Judgement],
        indicators: Sequence[Indicator],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.judgements = {one.slug: one for one in judgements}
        self.figures = {one.code: one for one in indicators}
        offered = [(one.slug, one.title) for one in judgements]
        self.offer("main", [("", "choose one"), *offered])
        self.offer("others", offered)
        self.offer("indicators", [(one.code, one.short_title) for one in indicators])

    def links(self) -> ActionLinks:
        said = self.cleaned_data
        slugs = [said["main"], *(slug for slug in said["others"] if slug != said["main"])]
        return ActionLinks(
            [self.judgements[slug] for slug in slugs],
            [self.figures[code] for code in said["indicators"]],
        )

    def as_facts(self) -> dict[str, Any]:
        return link_facts(self.links())


class ActionAddForm(ActionLinkForm):
    """“We promise one thing more.”"""

    reference = forms.CharField(
        label="Reference",
        max_length=12,
        help_text="The next of the theme is proposed. It is never used for another action.",
    )
    first_due = PartialDateField(
        label="First due date",
        required=False,
        takes_words=True,
        help_text="A day, a month, a year or words, such as 30 September 2016, September 2016 or "
        "“autumn 2016”. It is kept for ever: later dates are moves, each with its reason.",
    )
    owner = forms.ChoiceField(
        label="Who is asked for its updates", required=False, help_text="Members do not read it."
    )

    def __init__(self, *args: Any, owners: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]
        self.fields |= wording_fields()
        self.owners = {person.get_username(): person for person in owners}
        self.offer("owner", [("", "nobody yet"), *((name, name) for name in self.owners)])
        use_plain_words(self.fields.values())
        words = [name for name in wording_fields() if name != "cabinet"]
        self.order_fields(
            ["reference", *words, "first_due", "cabinet", "owner", "main", "others", "indicators"]
        )

    def clean_reference(self) -> str:
        return clean_reference(self.cleaned_data["reference"])

    def words(self) -> ActionWords:
        return ActionWords(**{name: self.cleaned_data[name] for name in wording_fields()})

    def chosen_owner(self) -> Person | None:
        return self.owners.get(self.cleaned_data["owner"])


class ActionAssignForm(KeepForm):
    """“Ask somebody else from now on.”"""

    owner = forms.ChoiceField(
        label="Who is asked for its updates",
        required=False,
        help_text="Whoever may send updates is listed. Members read the service, not the person.",
    )
    reason = reason_field("Why somebody else is asked", KEPT, required=False)

    def __init__(self, *args: Any, owners: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {person.get_username(): person for person in owners}
        self.offer("owner", [("", "nobody"), *((name, name) for name in self.owners)])

    def chosen_owner(self) -> Person | None:
        return self.owners.get(self.cleaned_data["owner"])

    def as_facts(self) -> dict[str, Any]:
        return {"owner": self.cleaned_data["owner"]}


class SentOnceForm(KeepForm):
    """A form that, sent twice, does what it does once."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["submission"] = uuid4()


class ActionStopForm(SentOnceForm):
    """“We stop doing this.”"""

    narrative = PlainText(
        label="What members read",
        help_text=f"What was done of it, and what takes its place. {NO_CHILD}",
        widget=text_box(3),
        max_length=4000,
        error_messages={"required": "Say what members read."},
    )
    reason = reason_field("Why it is stopped", "Members read it.")


class ActionSplitForm(SentOnceForm):
    """“This is really two things, or three.”"""

    PLACES = (1, 2, 3)

    stops = forms.BooleanField(
        label="Stop the old action: the new ones take its place",
        required=False,
        initial=True,
        help_text="Members read that it is stopped once that is approved and released. Without "
        "this tick it goes on beside them.",
    )
    reason = reason_field("Why it is split", "Members read it where the old action is stopped.")

    def __init__(self, *args: Any, references: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, reference in zip(self.PLACES, references, strict=True):
            required = place < 3
            nth = ("First", "Second", "Third")[place - 1]
            self.fields[f"reference_{place}"] = forms.CharField(
                label=f"{nth} new action: reference", max_length=12, initial=reference
            )
            self.fields[f"title_{place}"] = PlainText(
                label=f"{nth} new action: title", max_length=120, required=required,
                help_text=NO_CHILD if required else f"Leave it empty if two are enough. {NO_CHILD}",
            )  # fmt: skip
            self.fields[f"promised_{place}"] = PlainText(
                label=f"{nth} new action: what is promised", widget=text_box(3), required=required,
                max_length=4000, help_text=f"Members read it. {NO_CHILD}",
            )  # fmt: skip
        use_plain_words(self.fields.values())
        names = [
            f"{name}_{at}" for at in self.PLACES for name in ("reference", "title", "promised")
        ]
        self.order_fields([*names, "stops", "reason"])

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        title, promised = said.get("title_3"), said.get("promised_3")
        if bool(title) != bool(promised):
            missing = "promised_3" if title else "title_3"
            self.add_error(missing, "Fill this in, or empty the other box of the third action.")
        seen: set[str] = set()
        for place in self.PLACES[: 3 if title else 2]:
            reference = str(said.get(f"reference_{place}", ""))
            if reference and reference.lower() in seen:
                self.add_error(f"reference_{place}", "Another of the new actions has it.")
            seen.add(reference.lower())

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for place in self.PLACES:
            name = f"reference_{place}"
            if name in self.cleaned_data:
                self._run(name, clean_reference)

    def _run(self, name: str, check: Callable[[str], str]) -> None:
        try:
            check(self.cleaned_data[name])
        except forms.ValidationError as error:
            self.add_error(name, error)

    def parts(self) -> list[Part]:
        said = self.cleaned_data
        places = self.PLACES[: 3 if said.get("title_3") else 2]
        names = ("reference", "title", "promised")
        return [Part(*(said[f"{name}_{place}"] for name in names)) for place in places]


class DueMoveForm(KeepForm):
    """“It will be later, and this is why.”"""

    due = PartialDateField(
        label="New due date",
        help_text=LIKE_A_DATE,
        error_messages={"required": "Say until when."},
    )
    reason = reason_field("Why it is moved", "Members read it beside the date.")

    def __init__(self, *args: Any, stands: PartialDate, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands, self.on = stands, on

    def clean_due(self) -> PartialDate:
        due: PartialDate = self.cleaned_data["due"]
        if due.on == self.stands.on:
            raise forms.ValidationError(f"It is due {self.stands.in_a_sentence()} already.")
        if due.has_passed(self.on):
            # A move is kept and counted for ever, a slip of the pen too.
            raise forms.ValidationError("This day is over: give one that is still to come.")
        return due


def words_initial(words: ActionWords) -> dict[str, Any]:
    """The words as a form opens with them."""
    return dict(vars(words))
