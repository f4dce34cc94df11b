"""A box that says “Do not name or describe a child” asks, before what looks so is sent."""

from hashlib import sha256

from django import forms

from performance.calculations.personal_details import find_personal
from performance.forms.words import NO_CHILD

HAVE_LOOKED = "I have looked: no child or family can be recognised"


class AsksBeforeSending(forms.Form):
    """Any form with a box whose help says NO_CHILD.

    Words that look personal come back at their box, with a tick by which whoever wrote them says
    that they have looked. The tick is for those words alone: others are asked about anew. What
    stood in the box when it was opened is not asked about again.
    """

    tick_name = ""

    @property
    def tick(self) -> forms.BoundField | None:
        """None where nothing was asked."""
        return self[self.tick_name] if self.tick_name else None

    def clean(self) -> None:
        super().clean()
        found = self._look_personal()
        if not found:
            return
        every = "\n".join(phrase for phrases in found.values() for phrase in phrases)
        self.tick_name = f"have-looked-{sha256(every.encode()).hexdigest()[:12]}"
        field = forms.BooleanField(label=HAVE_LOOKED, required=False)
        self.fields[self.tick_name] = field
        sent = field.widget.value_from_datadict(
            self.data, self.files, self.add_prefix(self.tick_name)
        )
        for name, phrases in ({} if sent else found).items():
            quoted = ", ".join(f"“{phrase}”" for phrase in phrases)
            self.add_error(
                name,
                f"This looks as if it could describe a child: {quoted}. Change the words, or tick "
                "that you have looked.",
            )

    def _look_personal(self) -> dict[str, list[str]]:
        """By box, what looks personal of what was typed into it."""
        found = {}
        for name in self.changed_data:
            words = self.cleaned_data.get(name)
            if NO_CHILD in str(self.fields[name].help_text) and isinstance(words, str):
                found[name] = find_personal(words)
        return {name: phrases for name, phrases in found.items() if phrases}
