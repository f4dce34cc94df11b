"""A box that says “Do not name or describe a child” asks, before what looks so is sent."""

from hashlib import sha256

from django import forms

from performance.calculations.personal_details import find_personal
from performance.calculations.taken_out import is_taken_out
from performance.forms.words import NO_CHILD

COPIED = (
    "“Hidden on …” or “Removed on …” stands where words about a person were taken out: write "
    "your own words instead."
)
HAVE_LOOKED = "I have looked: no child or family can be recognised"


class AsksBeforeSending(forms.Form):
    """Any form with a box whose help says NO_CHILD.

    Words that look personal come back at their box, with a tick by which whoever wrote them says
    that they have looked. The tick is for those words alone: others are asked about anew. What
    stood in the box when it was opened is not asked about again. What stands for words that were
    taken out is refused in every box.
    """

    tick_name = ""

    @property
    def tick(self) -> forms.BoundField | None:
        """None where nothing was asked."""
        return self[self.tick_name] if self.tick_name else None

    def clean(self) -> None:
        super().clean()
        for name, words in self._typed().items():
            if is_taken_out(words):
                self.add_error(name, COPIED)
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
        found = {
            name: find_personal(words)
            for name, words in self._typed().items()
            if NO_CHILD in str(self.fields[name].help_text)
        }
        return {name: phrases for name, phrases in found.items() if phrases}

    def _typed(self) -> dict[str, str]:
        """By box, the words that were typed."""
        typed = {name: self.cleaned_data.get(name) for name in self.changed_data}
        return {name: words for name, words in typed.items() if isinstance(words, str)}
