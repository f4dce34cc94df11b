"""The plan's list: its columns, its filters and what it exports."""

from collections import Counter
from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms

from improvement.presenters import ActionLine
from improvement.standing import LABELS, Standing


class ActionTable(tables.Table):
    """The actions, one a row. An export holds the same words as the page, without its markup."""

    reference = tables.Column(verbose_name="Reference", order_by="order")
    title = tables.Column(verbose_name="Action", order_by="title")
    theme = tables.Column(verbose_name="Theme", order_by=("theme_number", "reference"))
    judgement = tables.Column(verbose_name="Judgement (our reading)")
    owner = tables.Column(verbose_name="Owner", default="not named")
    due = tables.Column(verbose_name="Due", order_by="due_order", empty_values=())
    moves = tables.Column(verbose_name="Date moved", order_by=("-moves", "order"))
    standing = tables.Column(verbose_name="Standing", order_by="standing_order")

    caption = "Actions of the plan"
    css_class = "actions"
    # A row is printed by a template, not cell by cell: that took the page's longest time.
    row_template = "dashboard/_action_row.html"
    anchor = "#actions"

    class Meta:
        template_name = "django_tables2/govuk_table.html"
        empty_text = "No action matches: take a filter away."
        order_by = "reference"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_moves = any(line.moves for line in self.data.data)
        if not self.has_moves:
            self.exclude = ("moves",)

    def value_reference(self, record: ActionLine) -> str:
        return record.reference

    def value_standing(self, value: Standing) -> str:
        return value.label

    def value_due(self, record: ActionLine) -> str:
        return str(record.due)

    def value_moves(self, value: int) -> int:
        return value


def searched(line: ActionLine) -> str:
    """Where the words of a search are looked for: the reference, the promise, what was said."""
    return f"{line.reference} {line.title} {line.promise} {line.said}".lower()


class ActionExportTable(ActionTable):
    """What an officer takes away: the list, and what was promised and said, word for word."""

    promise = tables.Column(verbose_name="Promised")
    said = tables.Column(verbose_name="What was said last", default="")
    said_on = tables.Column(verbose_name="Said of", default="")
    due_on = tables.Column(verbose_name="Last day of the due date", accessor="due__on", default="")
    bullet = tables.Column(verbose_name="Line of the paper")

    def value_said_on(self, value: date) -> str:
        return value.isoformat()

    def value_due_on(self, value: date) -> str:
        return value.isoformat()


# What follows “21 actions”; every other standing's label does so as it is.
STANDING_WORDS = {
    Standing.DATE_PASSED: "whose date has passed",
    Standing.NO_UPDATE: "with no update in the paper",
}


class ActionFilterForm(forms.Form):
    """Which actions to list: the standing is computed, so this filters what was computed."""

    q = forms.CharField(label="Words in the action", required=False, max_length=80)
    theme = forms.ChoiceField(label="Theme", required=False)
    judgement = forms.ChoiceField(label="Judgement", required=False)
    standing = forms.ChoiceField(
        label="Standing",
        required=False,
        error_messages={"invalid_choice": "No action stands so: every standing is listed."},
    )
    owner = forms.ChoiceField(label="Owner", required=False)
    date = forms.ChoiceField(label="Due date", required=False)

    def __init__(self, *args: Any, lines: list[ActionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        themes = {line.theme_slug: line.theme for line in lines}
        judgements = {line.judgement_slug: line.judgement for line in lines}
        owners = sorted({line.owner for line in lines if line.owner}, key=str.lower)
        standings = Counter(line.standing for line in lines)
        self._offer("standing", {
            standing.value: f"{LABELS[standing]} ({standings[standing]})"
            for standing in Standing if standings[standing]
        })  # fmt: skip
        self._offer("theme", themes)
        self._offer("judgement", judgements)
        self._offer("owner", {owner: owner for owner in owners})
        moved = sum(line.moves > 0 for line in lines)
        if moved:
            self._offer("date", {"moved": f"moved ({moved})"})
        else:
            del self.fields["date"]

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "any"), *choices.items()]

    @property
    def words(self) -> str:
        """What was asked, to follow “21 actions”: “whose date has passed”; empty for no filter."""
        if not self.is_bound:
            return ""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        said = []
        if "standing" in wanted:
            standing = Standing(wanted["standing"])
            said.append(STANDING_WORDS.get(standing, LABELS[standing]))
        if "date" in wanted:
            said.append("whose date has moved")
        if "theme" in wanted:
            said.append(f"of the theme {self._label('theme')}")
        if "judgement" in wanted:
            said.append(f"for the judgement {self._label('judgement')}")
        if "owner" in wanted:
            said.append(f"owned by {wanted['owner']}")
        if "q" in wanted:
            said.append(f"with the words “{wanted['q']}”")
        return ", ".join(said)

    def _label(self, name: str) -> str:
        field: Any = self.fields[name]
        return dict(field.choices)[self.cleaned_data[name]]

    def listed(self) -> list[ActionLine]:
        """The actions that match; an unknown choice is no filter, and the form says so."""
        self.is_valid()
        wanted = self.cleaned_data
        words = wanted.get("q", "").lower().split()
        return [
            line
            for line in self.lines
            if wanted.get("theme") in ("", None, line.theme_slug)
            and wanted.get("judgement") in ("", None, line.judgement_slug)
            and wanted.get("standing") in ("", None, line.standing.value)
            and wanted.get("owner") in ("", None, line.owner)
            and (not wanted.get("date") or line.moves > 0)
            and all(word in searched(line) for word in words)
        ]
