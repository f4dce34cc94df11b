"""How an action stands, in the words of whoever answers for it."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.validators import URLValidator
from django.http import QueryDict

from improvement.changes import UpdateWords
from improvement.forms.partial_dates import (
    LIKE,
    NOTHING,
    DayOrMonthField,
    first_day,
    read_day_or_month,
)
from improvement.models import ProgressUpdate
from improvement.moves import COMPLETES, EVIDENCE, REASON, REMEDY, WHEN, Move
from improvement.standing import Standing
from performance.calculations.partial_date import PartialDate
from performance.forms.asking import AsksBeforeSending
from performance.forms.words import NO_CHILD
from performance.models import Indicator

LONGEST = 4000
MOST_LINKS = 10
LONGEST_DRAFT = 20_000
MOST_CITED = 100
# What a draft keeps: every box that is filled in by hand.
BOXES = (
    "status", "narrative", REASON, REMEDY, WHEN, EVIDENCE, "evidence_links", "cites", "new_due",
    "new_due_reason", "corrects",
)  # fmt: skip
MOVABLE = {str(status) for status in Standing}
LABELS = {
    "status": "How does it stand?",
    "narrative": "What has changed?",
    "evidence_of_impact": "What good has it done?",
    "evidence_links": "Links to the evidence",
    "cites": "Figures to cite",
    "reason": "Why?",
    "remedy": "What is being done about it?",
    "completed_on": "When was it completed?",
    "new_due": "New due date",
    "new_due_reason": "Why does the date move?",
    "corrects": "This corrects what you said last",
}
ASKED_FOR = {
    REASON: "why",
    REMEDY: "what is being done about it",
    WHEN: "when it was completed",
    EVIDENCE: "what good it has done",
}
SAY_WHY = {
    Standing.AT_RISK: "Say why it is at risk.",
    Standing.OFF_TRACK: "Say why it is off track.",
    Standing.STOPPED: "Say why it was stopped.",
}

# Where a due date is likely to move, and where it cannot.
OFTEN_MOVES = {str(Standing.AT_RISK), str(Standing.OFF_TRACK)}
ENDS = {str(status) for status in (*COMPLETES, Standing.STOPPED)}


@dataclass(frozen=True)
class FormState:
    """What stands when the form is opened, and who opens it."""

    opened_at: str
    moves: Mapping[Standing, Move]
    before: str | None
    due: PartialDate
    on: date
    typed_by: int
    revision: int = 0
    may_correct: bool = False


@dataclass(frozen=True)
class StatusChoice:
    """One status to choose: its radio, and in words which boxes it asks for."""

    value: str
    label: str
    hint: str
    asks: str
    id: str
    is_chosen: bool


def _box(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _words(name: str, hint: str, rows: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=LABELS[name],
        help_text=f"{hint} {NO_CHILD}".strip(),
        widget=_box(rows),
        max_length=LONGEST,
        required=required,
        error_messages={"required": "Say in a sentence or two what has changed."},
    )


def _carried() -> forms.CharField:
    # Firefox would otherwise put an old value back when the page is loaded again.
    widget = forms.HiddenInput(attrs={"autocomplete": "off"})
    return forms.CharField(required=False, max_length=80, widget=widget)


class LinksField(forms.CharField):
    """One https address a line; comes back with a line for each and nothing else."""

    def clean(self, value: Any) -> str:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINKS:
            raise forms.ValidationError(f"Give at most {MOST_LINKS} addresses.")
        check = URLValidator(schemes=["https"])
        for line in lines:
            try:
                check(line)
                # A name before the host, or a backslash, leads elsewhere than it reads.
                if "@" in line.partition("://")[2].partition("/")[0] or "\\" in line:
                    raise forms.ValidationError(line)
            except forms.ValidationError as error:
                raise forms.ValidationError(
                    f"“{line[:60]}” is no address that a member can open. Write one on each line, "
                    "such as https://www.example.gov.uk/report."
                ) from error
        return "\n".join(lines)


class ActionUpdateForm(AsksBeforeSending):
    """“This is how my action stands, this has changed, and this is the good it did.”"""

    status = forms.ChoiceField(
        label=LABELS["status"],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how it stands.",
            "invalid_choice": "Choose one of these: what you chose cannot follow what stands now.",
        },
    )
    narrative = _words("narrative", "Since it was last said. Members read this.", 4, required=True)
    reason = _words("reason", "", 2)
    remedy = _words("remedy", "", 2)
    completed_on = DayOrMonthField(label=LABELS[WHEN], required=False, help_text=f"Write {LIKE}.")
    evidence_of_impact = _words(
        "evidence_of_impact",
        "Evidence of impact: what is different for children and families, and how you know.",
        3,
    )
    evidence_links = LinksField(
        label=LABELS["evidence_links"],
        required=False,
        widget=_box(2),
        max_length=2000,
        help_text="Pages that members can open: an https address on each line.",
    )
    cites = forms.MultipleChoiceField(
        label=LABELS["cites"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose among the figures that stand here."},
    )
    new_due = DayOrMonthField(
        label=LABELS["new_due"],
        required=False,
        help_text=f"Only where it moves: {LIKE}. It counts once the update is released, and the "
        "first date is kept beside it.",
    )
    new_due_reason = _words("new_due_reason", "Needed if the date moves. Members read it.", 2)
    corrects = forms.BooleanField(label=LABELS["corrects"], required=False)
    opened_at = _carried()
    submission = _carried()
    revision = _carried()
    typed_by = _carried()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        state: FormState,
        offered: Sequence[Indicator] = (),
        words: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        """`words` fill the boxes of a form that is only opened. What is sent is never held
        against them: a draft's words are asked about as any others."""
        super().__init__(data, prefix=prefix)
        self.state, self.offered = state, list(offered)
        self.use_required_attribute = False
        choices = [(str(status), status.label.capitalize()) for status in state.moves]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        cited = [(str(one.pk), one.short_title) for one in self.offered]
        self.fields["cites"].choices = cited  # type: ignore[attr-defined]
        for name in (*ASKED_FOR, "new_due_reason"):
            # Not “optional”: the status says which of these it asks for, the new date its reason.
            self.fields[name].is_asked_for = True  # type: ignore[attr-defined]
        if not state.may_correct:
            del self.fields["corrects"]
        if data is None:
            self.initial = {
                **(words or {}),
                "opened_at": state.opened_at, "submission": str(uuid4()),
                "revision": str(state.revision), "typed_by": str(state.typed_by),
            }  # fmt: skip

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data.get("status")
        if said:
            self._ask_what_the_move_asks(Standing(said))
        self._check_dates(Standing(said) if said else None)

    def _ask_what_the_move_asks(self, after: Standing) -> None:
        for name in self.state.moves[after].asks:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, self._sentence(name, after))

    def _sentence(self, name: str, after: Standing) -> str:
        if name == REASON and self.state.before == Standing.STOPPED:
            return "Say why it goes on after it was stopped."
        return {
            REASON: SAY_WHY.get(after, f"Say why it is no longer {self._before_label}."),
            REMEDY: "Say what is being done about it.",
            WHEN: f"Say when it was completed: {LIKE}.",
            EVIDENCE: "Say what good it has done: “complete and evidenced” is nothing without.",
        }[name]

    @property
    def _before_label(self) -> str:
        return Standing(self.state.before).label if self.state.before else ""

    def _check_dates(self, after: Standing | None) -> None:
        completed = self.cleaned_data.get(WHEN) or NOTHING
        starts = first_day(completed)
        if starts and starts > self.state.on:
            self.add_error(WHEN, "This day has not come yet: say when it was completed.")
        elif completed and after and after not in COMPLETES:
            self.add_error(WHEN, f"“{after.label.capitalize()}” has no such day: clear this box.")
        due, why = self.cleaned_data.get("new_due") or NOTHING, self._given("new_due_reason")
        if due and after in ENDS:
            self.add_error("new_due", "It is over and needs no new date: clear this box.")
        elif due and due.has_passed(self.state.on):
            self.add_error("new_due", "This day is over: give one that is still to come.")
        elif due and (due.on, due.precision) == (self.state.due.on, self.state.due.precision):
            self.add_error("new_due", "This is the due date that stands: clear this box.")
        elif due and not why and "new_due_reason" not in self.errors:
            self.add_error("new_due_reason", "Say why the date moves: members read it.")
        elif why and not due and "new_due" not in self.errors:
            self.add_error("new_due", f"Say to when it moves: {LIKE}.")

    def _given(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    def words(self) -> UpdateWords:
        """What was filled in, for the function of `changes` that sends it."""
        given = self.cleaned_data
        return UpdateWords(
            status=given["status"],
            narrative=given["narrative"],
            evidence_of_impact=given["evidence_of_impact"],
            evidence_links=given["evidence_links"],
            indicators=self.cited(),
            reason=given["reason"],
            remedy=given["remedy"],
            completed=given[WHEN],
            new_due=given["new_due"],
            new_due_reason=given["new_due_reason"],
        )

    def cited(self) -> list[Indicator]:
        return [one for one in self.offered if str(one.pk) in self.cleaned_data["cites"]]

    def statuses(self) -> list[StatusChoice]:
        """The allowed moves as radios. The first has the field's own id: a problem leads to it."""
        bound = self["status"]
        chosen = str(bound.value() or "")
        return [
            StatusChoice(
                value=str(status),
                label=status.label.capitalize(),
                hint=say_asked(move),
                asks=" ".join(sorted(move.asks)),
                id=f"{bound.auto_id}_{place}" if place else bound.auto_id,
                is_chosen=chosen == str(status),
            )
            for place, (status, move) in enumerate(self.state.moves.items())
        ]

    @property
    def cited_values(self) -> list[str]:
        return [str(value) for value in self["cites"].value() or []]

    @property
    def more_is_open(self) -> bool:
        """Whether what is folded away holds words or a problem, or is likely to be needed."""
        names = ("evidence_links", "new_due", "new_due_reason")
        is_filled = any(self[name].value() or self[name].errors for name in names)
        status = str(self["status"].value() or self.state.before or "")
        is_passed = self.state.due.has_passed(self.state.on)
        return is_filled or status in OFTEN_MOVES or (is_passed and status not in ENDS)

    def carried(self, name: str) -> str:
        """What the form carries along under that name, as it was sent."""
        return str(self[name].value() or "").replace("\0", "").strip()

    @property
    def sent_submission(self) -> UUID | None:
        """None where what was sent is no number of a form."""
        try:
            return UUID(self.carried("submission"))
        except ValueError:
            return None

    @property
    def sent_revision(self) -> int:
        text = self.carried("revision")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def carry(self, **values: str) -> None:
        """Puts these in the place of what the form carried, so that sending it again is
        deliberate."""
        sent = copy(self.data)
        assert isinstance(sent, QueryDict)
        for name, value in values.items():
            sent[self.add_prefix(name)] = value
        self.data = sent


def say_asked(move: Move) -> str:
    """“Asks why, and what is being done about it.”; empty for a move that asks nothing more."""
    asked = [words for name, words in ASKED_FOR.items() if name in move.asks]
    return f"Asks {', and '.join(asked)}." if asked else ""


def read_boxes(data: QueryDict, prefix: str = "") -> dict[str, Any]:
    """What stands in each box that is not empty, by its name, as a draft keeps it."""
    found: dict[str, Any] = {}
    for name in BOXES:
        key = f"{prefix}-{name}" if prefix else name
        values = [value.replace("\0", "") for value in data.getlist(key) if value.strip()]
        if values:
            found[name] = values if name == "cites" else values[-1]
    return found


def is_too_long(words: Mapping[str, Any]) -> bool:
    """Whether a box holds more than a draft keeps, or more is ticked than there could be."""
    every = [one if isinstance(one, list) else [one] for one in words.values()]
    return any(len(values) > MOST_CITED or len("".join(values)) > LONGEST_DRAFT for values in every)


def draft_lines(words: Mapping[str, Any]) -> list[list[str]]:
    """Each box that holds words, in the form's order, as its label and what stands in it."""
    lines = []
    for name in BOXES:
        if name in words and name not in ("cites", "corrects"):
            value = str(words[name])
            label = Standing(value).label if name == "status" and value in MOVABLE else value
            lines.append([LABELS[name], label])
    return lines


def says_the_same(update: ProgressUpdate, boxes: Mapping[str, Any]) -> bool:
    """Whether what was sent before, as a desk holds it, is what stands in the boxes."""
    texts = ("status", "narrative", REASON, REMEDY, EVIDENCE, "evidence_links", "new_due_reason")
    is_same = all(_plain(boxes.get(name, "")) == _plain(getattr(update, name)) for name in texts)
    cites = sorted(boxes.get("cites", [])) == sorted(map(str, update.cited_ids))  # type: ignore[attr-defined]
    dates = ((WHEN, update.completed), ("new_due", update.new_due))
    return (
        is_same
        and cites
        and all(_as_date(boxes.get(name, "")) == str(held) for name, held in dates)
    )


def _plain(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def _as_date(text: str) -> str:
    try:
        return str(read_day_or_month(text)) if text.strip() else ""
    except ValueError:
        return text
