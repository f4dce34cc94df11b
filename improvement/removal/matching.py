"""Whether a text holds the words, however it is written."""

import re
import unicodedata
from hashlib import sha256
from html import unescape
from typing import Any

# Of what somebody alone may look for, and of what who may also decide may.
FEWEST_LETTERS_OF_ONE, FEWEST_LETTERS = 4, 3
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


ACCENTS = re.compile(r"[\u0300-\u036f]")


def _plain(text: str) -> str:
    """Without tags, entities, accents, invisible letters and the difference of a capital."""
    # Twice: text that was escaped into HTML, and that HTML once more.
    bare = TAG.sub(" ", unescape(unescape(text)) if "&" in text else text)
    if bare.isascii():
        return bare.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", bare.translate(UNSEEN).casefold()))


class Words:
    """The words that are looked for; they match whole words only, whatever stands between them."""

    def __init__(self, words: str) -> None:
        self.pieces = re.findall(r"[^\W_]+", _plain(words))
        between = r"[\W_]*".join(re.escape(piece) for piece in self.pieces)
        self._pattern = re.compile(rf"(?<![^\W_]){between}(?![^\W_])")

    def has_letters(self, fewest: int) -> bool:
        """Few letters would match half of all texts."""
        return sum(map(len, self.pieces)) >= fewest

    def around(self, text: str, most: int) -> str:
        """The first place that holds the words, with so many words on each side; in small letters
        where the text is long, since that is how it is looked through."""
        plain = _plain(text)
        found = self._pattern.search(plain)
        if found is None or len(text.split()) <= 2 * most:
            return text
        before, after = plain[: found.start()].split(), plain[found.end() :].split()
        return " ".join(["…", *before[-most:], found.group(), *after[:most], "…"])

    def seal_of(self, count: int) -> str:
        """What a page carries of the words that it showed, and of how many places it listed."""
        return sha256(f"{' '.join(self.pieces)} {count}".encode()).hexdigest()[:16]

    def found_in(self, text: str) -> bool:
        return bool(self.pieces) and self._pattern.search(_plain(text)) is not None

    def found_within(self, value: Any, *, in_names: bool = True) -> bool:
        """In a text or in any text of a structure, and in the names that it gives them."""
        if isinstance(value, str):
            return self.found_in(value)
        if isinstance(value, dict):
            if in_names and any(map(self.found_in, value)):
                return True
            value = list(value.values())
        within = value if isinstance(value, list) else []
        return any(self.found_within(it, in_names=in_names) for it in within)

    def replaced(self, value: Any, sentence: str) -> Any:
        """The same with the sentence in the place of each text that holds the words."""
        if isinstance(value, str):
            return sentence if self.found_in(value) else value
        if isinstance(value, dict):
            return {name: self.replaced(it, sentence) for name, it in value.items()}
        return [self.replaced(it, sentence) for it in value] if isinstance(value, list) else value
