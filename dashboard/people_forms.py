"""The administrator's forms, one a job."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.http import QueryDict

from dashboard.models import User
from dashboard.roles import LEAD_THEMES, ROLES, Role
from improvement.models import Theme
from performance.forms.asking import AsksBeforeSending
from performance.forms.opened import use_plain_words
from performance.forms.words import NO_CHILD

ROLE_OF = {role.slug: role for role in ROLES}


class RolesField(forms.MultipleChoiceField):
    """Ticked roles; comes back as a list of them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        choices = [(role.slug, role.title) for role in ROLES]
        super().__init__(choices=choices, label="Roles", **kwargs)

    def clean(self, value: Any) -> list[Role]:
        return [ROLE_OF[slug] for slug in super().clean(value)]


class ThemesField(forms.MultipleChoiceField):
    """Ticked themes of the plans that are kept; comes back as a list of them."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, themes: Sequence[Theme]) -> None:
        self.themes = {str(theme.pk): theme for theme in themes}
        self.choices = [(key, say_theme(theme, themes)) for key, theme in self.themes.items()]

    def clean(self, value: Any) -> list[Theme]:
        return [self.themes[key] for key in super().clean(value)]


def say_theme(theme: Theme, themes: Sequence[Theme]) -> str:
    """With its plan where those of several are offered."""
    is_one_plan = len({each.plan_id for each in themes}) == 1
    return theme.title if is_one_plan else f"{theme.title} ({theme.plan.title})"


def _last_day_field(help_text: str) -> forms.DateField:
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label="Last day", required=False, widget=day, help_text=help_text)


class InviteForm(forms.Form):
    """“Let this person in, as this.”"""

    first_name = forms.CharField(label="First name", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    email = forms.EmailField(
        label="E-mail address", help_text="The invitation goes there. They may sign in with it."
    )
    username = forms.CharField(
        label="User name",
        required=False,
        max_length=150,
        validators=[
            UnicodeUsernameValidator(message="Letters, numbers, dots and hyphens, no spaces.")
        ],
        help_text="Their name in lists and histories. Left empty, it is what stands before the @.",
    )
    roles = RolesField(error_messages={"required": "Tick at least one role."})
    themes = ThemesField(
        label="Themes that they lead", required=False, help_text="For a theme lead."
    )
    last_day = _last_day_field(
        "For a substitute: the day of the meeting. After it they cannot sign in."
    )

    def __init__(self, *args: Any, themes: Sequence[Theme], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        use_plain_words(self.fields.values())
        self.fields["themes"].offer(themes)  # type: ignore[attr-defined]

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day and day < self.on:
            raise forms.ValidationError("This day is over: they could never sign in.")
        return day

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        roles = given.get("roles", [])
        if given.get("themes") and not any(LEAD_THEMES in role.permissions for role in roles):
            self.add_error("themes", "Only a theme lead or the Director leads one: tick that role.")
        if (
            any(role.slug == "substitute" for role in roles)
            and "last_day" in given
            and not given["last_day"]
        ):
            self.add_error("last_day", "A substitute sits in for one meeting: give its day.")
        email = given.get("email")
        if email and not self.cleaned_data.get("username"):
            self.cleaned_data["username"] = _free_username(email.partition("@")[0])


def _free_username(wanted: str) -> str:
    """The name itself, or with the first number that makes it nobody's."""
    taken = {
        name.lower()
        for name in User.objects.filter(username__istartswith=wanted).values_list(
            "username", flat=True
        )
    }
    number = 1
    name = wanted
    while name.lower() in taken:
        number += 1
        name = f"{wanted}{number}"
    return name


class RolesForm(forms.Form):
    """“From now on they may do this.”

    It carries the roles that stood when it was opened: what was cut off, or is older than what
    stands, takes nobody's roles away.
    """

    roles = RolesField(required=False)
    no_role = forms.BooleanField(label="They have no role at all", required=False)
    opened_as = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, held: Sequence[str]) -> None:
        self.held = ",".join(sorted(held))
        super().__init__(data, initial={"opened_as": self.held})

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("opened_as") != self.held:
            self.data = {**self.data, "opened_as": self.held}
            raise forms.ValidationError(
                "These roles were changed after you opened the page, or it did not come whole. "
                "Look at what is ticked and save again."
            )
        if not self.cleaned_data.get("roles") and not self.cleaned_data["no_role"]:
            self.add_error("roles", "Tick a role, or that they have none at all.")
        # What is left is what is changed.
        for name in ("no_role", "opened_as"):
            self.cleaned_data.pop(name, None)


class ThemesForm(forms.Form):
    """“They answer for these.” It carries those that they led when it was opened."""

    themes = ThemesField(label="Themes that they lead", required=False)
    opened_as = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, themes: Sequence[Theme], held: Sequence[Theme]
    ) -> None:
        self.held = ",".join(str(theme.pk) for theme in held)
        initial = {"opened_as": self.held, "themes": [str(theme.pk) for theme in held]}
        super().__init__(data, initial=initial)
        self.fields["themes"].offer(themes)  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.pop("opened_as", None) != self.held:
            self.data = {**self.data, "opened_as": self.held}
            raise forms.ValidationError(
                "Their themes were changed after you opened the page, or it did not come whole. "
                "Look at what is ticked and save again."
            )


class LastDayForm(forms.Form):
    """“They sit in for somebody until then.”"""

    last_day = _last_day_field(
        "The day of the meeting, say. After it they cannot sign in. Left empty: no last day."
    )


class ReasonForm(AsksBeforeSending):
    """“Because.”"""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Kept in this person’s history. {NO_CHILD}",
        error_messages={"required": "Say why: it is kept in this person’s history."},
    )
