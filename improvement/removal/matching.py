"""Whether a text holds the words, however it is written."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import unquote

# Of what somebody alone may look for, and of what who may also decide may.
FEWEST_LETTERS_OF_ONE, FEWEST_LETTERS = 4, 3
# What a browser or Outlook would hide; of anything else in angle brackets the words are read.
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Of a long text so much is looked at together, and so much of it again with the next: each letter
# may be written as an entity of an entity, and much may stand between two words.
PIECE, MOST_SIGNS_OF_A_LETTER, MOST_BETWEEN = 256 * 1024, 16, 4096
BLANKS = re.compile(r"[\s,\"'_]{2,}")
FIRST_WORD = re.compile(r"^[^\W_]+")
# Signs that are not seen, that part two words, or that stand for an apostrophe.
SIGNS: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "\u00ad\u061c\u180e\ufeff")),
    **dict.fromkeys(range(0x200B, 0x2010)), **dict.fromkeys(range(0x202A, 0x202F)),
    **dict.fromkeys(range(0x2060, 0x2070)), **dict.fromkeys(range(0xFE00, 0xFE10)),
    **dict.fromkeys([0x115F, 0x180B, 0x180C, 0x180D, *range(0xFFF9, 0xFFFC)]),
    **dict.fromkeys(range(0xE0100, 0xE01F0)), **dict.fromkeys(range(0x7F, 0xA0)), 0x85: " ",
    **dict.fromkeys(map(ord, "™℠ªº"), " "), **dict.fromkeys(map(ord, "´\ua78c\u055a"), "'"),
}  # fmt: skip
# Letters that have no accent to part from them.
LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ð": "d", "æ": "ae", "œ": "oe",
     "þ": "th", "ʻ": "'", "ʼ": "'", "ʽ": "'", "′": "'", "−": "-"}
)  # fmt: skip
ACCENTS = re.compile(r"[\u0300-\u036f]")
# What may stand within a name, written or not: O’Brien, Mary-Jane; or where a line ends: Zebe-dee.
WITHIN = r"(?:['’‘ʼ`\\\u2010-\u2013-]{0,2}|[\u2010-\u2013-]\s{1,3})"


def _plain(text: str) -> str:
    """Without tags, as a reader sees it; see `_bare`."""
    return _bare(text, TAG.sub)


def _as_typed(text: str) -> str:
    """With what stands in angle brackets, since <Jo Bloggs> is no tag."""
    return _bare(text, lambda space, given: given)


def _readings(text: str) -> Iterator[str]:
    """As a reader sees it, where a tag parts words and where it is within one; as it is typed; and
    as an address that is written with %20, or that once more, reads."""
    yield _plain(text)
    if "<" in text or "&" in text:
        yield _bare(text, lambda _, given: TAG.sub("", given))
        yield _as_typed(text)
    if "%" in text:
        yield _plain(unquote(unquote(text)))


def _bare(text: str, strip: Callable[[str, str], str]) -> str:
    """Without entities, accents, invisible letters and the difference of a capital."""
    # Twice: text that was escaped into HTML, and that HTML once more.
    bare = strip(" ", unescape(unescape(text)) if "&" in text else text)
    if bare.isascii() and "\x7f" not in bare:
        return bare.lower()
    # Capitals of another style are capitals only once they are plain letters.
    seen = unicodedata.normalize("NFKD", bare.translate(SIGNS).casefold()).casefold()
    return ACCENTS.sub("", seen).translate(LETTERS)


def _no_part_of(sign: str) -> str:
    """What may not stand beside the first or the last sign of the words."""
    return r"[^\W_]" if sign.isdecimal() else r"[^\W\d_]"


class Words:
    """The words that are looked for; they match whole words only, whatever stands between them.
    A digit beside a letter is no part of the word: Quill2016.pdf."""

    def __init__(self, words: str) -> None:
        self.pieces = re.findall(r"[^\W_]+", _as_typed(words))
        between = r"[\W_]*".join(WITHIN.join(map(re.escape, piece)) for piece in self.pieces)
        first, last = (self.pieces[0][0], self.pieces[-1][-1]) if self.pieces else ("", "")
        self._pattern = re.compile(rf"(?<!{_no_part_of(first)}){between}(?!{_no_part_of(last)})")

    def has_letters(self, fewest: int) -> bool:
        """Few letters would match half of all texts."""
        return sum(map(len, self.pieces)) >= fewest

    def around(self, text: str, most: int) -> str:
        """The first place that holds the words, with so many words on each side; in small letters
        where the text is long, since that is how it is looked through."""
        found = next(filter(None, map(self._pattern.search, _readings(text))), None)
        if found is None or len(text.split()) <= 2 * most:
            return text
        plain = found.string
        before, after = plain[: found.start()].split(), plain[found.end() :].split()
        return " ".join(["…", *before[-most:], found.group(), *after[:most], "…"])

    def seal_of(self, count: int) -> str:
        """What a page carries of the words that it showed, and of how many places it listed."""
        return sha256(f"{' '.join(self.pieces)} {count}".encode()).hexdigest()[:16]

    def found_in(self, text: str) -> bool:
        if not self.pieces:
            return False
        return any(map(self._pattern.search, _readings(text)))

    def found_within(
        self, value: Any, *, in_names: bool = True, left_out: Collection[str] = ()
    ) -> bool:
        """In a text or in any text of a structure, and in the names that it gives them; not in
        what has a name that is left out."""
        if isinstance(value, str):
            return self.found_in(value)
        if isinstance(value, dict):
            if in_names and any(map(self.found_in, value)):
                return True
            value = [it for name, it in value.items() if name not in left_out]
        within = value if isinstance(value, list) else []
        return any(self.found_within(it, in_names=in_names, left_out=left_out) for it in within)

    def stand_in(self, plain: str, *, is_end: bool) -> bool:
        """In a plain text that may go on: a last word may then still be part of a longer one."""
        found = self._pattern.search(plain) if self.pieces else None
        return found is not None and (is_end or found.end() < len(plain))


class Passing:
    """A long text that goes by in pieces, of which no more is kept than the words may span."""

    def __init__(self, sought: Sequence[Words]) -> None:
        self._sought = sought
        longest = max((sum(map(len, words.pieces)) for words in sought), default=0)
        self._kept = MOST_SIGNS_OF_A_LETTER * longest + MOST_BETWEEN
        self._parts: list[str] = []
        self._length = 0

    def holds(self, text: str) -> bool:
        """Whether any of the words stand in what went by, this piece with it."""
        self._parts.append(text)
        self._length += len(text)
        return self._length >= PIECE and self._look(is_end=False)

    def ends_with_them(self) -> bool:
        """The same of the last piece, once no more comes."""
        return self._look(is_end=True)

    def _look(self, *, is_end: bool) -> bool:
        text = "".join(self._parts)
        for plain in _readings(text):
            if any(words.stand_in(plain, is_end=is_end) for words in self._sought):
                return True
        kept = BLANKS.sub(" ", text)[-self._kept :]
        # What is cut off must not make a whole word of the rest of one.
        kept = FIRST_WORD.sub("", kept, count=1) if len(kept) == self._kept else kept
        self._parts, self._length = [kept], len(kept)
        return False
