"""Which of what was done to list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from improvement.models import PlanEvent
from performance.clock import end_of_day, start_of_day
from performance.forms.opened import DayInput

NOBODY = "nobody"


class ActivityFilterForm(forms.Form):
    """“Who moved dates in this theme in September?” An unknown choice is no filter."""

    person = forms.ChoiceField(label="Person", required=False)
    theme = forms.ChoiceField(label="Theme", required=False)
    kind = forms.ChoiceField(label="About", required=False)
    done = forms.ChoiceField(label="What was done", required=False)
    first = forms.DateField(label="From", required=False, widget=DayInput())
    last = forms.DateField(label="Until", required=False, widget=DayInput())

    def __init__(
        self, *args: Any, people: Mapping[str, str], themes: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("person", {**people, NOBODY: "a command of the server"})
        self._offer("theme", themes)
        self._offer("kind", dict(PlanEvent.Kind.choices))
        self._offer("done", dict(PlanEvent.Done.choices))

    def _offer(self, name: str, choices: Mapping[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "any"), *choices.items()]

    def asked(self) -> Q:
        """To be asked of events."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        wanted = Q(**{name: said[name] for name in ("theme", "kind", "done") if name in said})
        if said.get("person") == NOBODY:
            wanted &= Q(by__isnull=True)
        elif "person" in said:
            wanted &= Q(by=said["person"])
        if "first" in said:
            wanted &= Q(known_from__gte=start_of_day(said["first"]))
        if "last" in said:
            wanted &= Q(known_from__lte=end_of_day(said["last"]))
        return wanted
