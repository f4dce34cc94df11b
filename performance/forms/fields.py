"""Two boxes whose lines mean something: a target's profile, and a list of neighbours."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from performance.calculations.profile import parse_profile
from performance.changes import Neighbour
from performance.models import Area

LIKE = "Write a day and an amount on each line, such as 2016-06-30 7."


class ProfileField(forms.CharField):
    """Lines such as “2016-06-30 7”; comes back as a target keeps it, or None."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        profile: dict[str, float | int | str] = {}
        for line in text.splitlines():
            if not line.strip():
                continue
            day, *amount = re.split(r"[\s:,]+", line.strip())
            if len(amount) != 1 or day in profile:
                raise forms.ValidationError(f"“{line.strip()[:40]}” was not understood. {LIKE}")
            profile[day] = amount[0]
        try:
            parsed = parse_profile(profile)
        except ValueError as error:
            raise forms.ValidationError(f"{str(error).rstrip('.')}. {LIKE}") from error
        return {day.isoformat(): f"{amount:f}" for day, amount in parsed} or None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{day} {amount}" for day, amount in sorted(value.items()))
        return value


class NeighboursField(forms.CharField):
    """A council on each line, nearest first: its name or code and, after a comma, how close."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        councils = list(Area.objects.filter(kind=Area.Kind.COUNCIL)) if lines else []
        found: list[Neighbour] = []
        for line in lines:
            neighbour = _read_neighbour(line, councils)
            if neighbour.area in [one.area for one in found]:
                raise forms.ValidationError(f"{neighbour.area} stands twice: leave one line.")
            found.append(neighbour)
        return found

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value


def _read_neighbour(line: str, councils: Sequence[Area]) -> Neighbour:
    """“335 Walsall, close”, “335, close” or “Walsall”; raises ValidationError for anything else.

    A council's own name may hold a comma, so the longest name that fits is taken.
    """
    code = re.match(r"([0-9]{3})\b\s*", line)
    rest = line[code.end() :] if code else line
    if code:
        fitting = [area for area in councils if area.code == code[1]]
    else:
        fitting = [area for area in councils if _starts_with(line, area.name)]
    if not fitting:
        raise forms.ValidationError(
            f"There is no council “{line[:60]}”: write its name or its three-digit code."
        )
    area = max(fitting, key=lambda one: len(one.name))
    if _starts_with(rest, area.name):
        rest = rest[len(area.name) :]
    elif rest and not rest.startswith(","):
        raise forms.ValidationError(f"{area.code} is {area}: mend the code or the name.")
    closeness = rest.strip(" ,")
    if len(closeness) > 40:
        raise forms.ValidationError(f"“{closeness[:50]}”: how close in at most 40 characters.")
    return Neighbour(area, closeness)


def _starts_with(text: str, name: str) -> bool:
    """Whether the text is the name, alone or before a comma."""
    return re.match(rf"{re.escape(name)}\s*(,|$)", text, re.IGNORECASE) is not None
