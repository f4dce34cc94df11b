"""Whether a text holds the words, however it is written."""

import re
import unicodedata
from hashlib import sha256
from html import unescape
from typing import Any

FEWEST_LETTERS = 3
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

    @property
    def is_enough(self) -> bool:
        """Fewer letters would match half of all texts."""
        return sum(map(len, self.pieces)) >= FEWEST_LETTERS

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

    def found_within(self, value: Any) -> bool:
        """In a text, in a name or in any text of a structure."""
        if isinstance(value, str):
            return self.found_in(value)
        if isinstance(value, dict):
            return any(self.found_in(key) or self.found_within(it) for key, it in value.items())
        return isinstance(value, list) and any(map(self.found_within, value))

    def replaced(self, value: Any, sentence: str) -> Any:
        """The same with the sentence in the place of each text that holds the words."""
        if isinstance(value, str):
            return sentence if self.found_in(value) else value
        if isinstance(value, dict):
            return {name: self.replaced(it, sentence) for name, it in value.items()}
        return [self.replaced(it, sentence) for it in value] if isinstance(value, list) else value
