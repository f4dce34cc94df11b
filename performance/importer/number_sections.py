"""Which section of a cell’s number format applies to a number, and whether it shows that number.

A format has one to four sections, for positive numbers, negative ones, nought and text, or for
numbers that keep to a condition in brackets.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import Literal

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*(?P<filled>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<place>[0#?])|(?P<structure>E[+-]|[.,%/@])|(?P<bare>.)",
    re.I | re.S,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]*\.?[0-9]+)")
COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
# The dash of a word, such as “year-end”, is no minus.
MINUS = re.compile(rf"(?<![A-Za-z])[{DASHES}]")
# “<5” is no 5, and “46*” is one with a mark to it.
ABOUT = re.compile("[<>~\u2248\u2264\u2265\u00b1*]")
# 12 that is shown as “12k” may be twelve thousand.
SCALE = re.compile(r"\s*(k|m|mn|b|bn|th|thousands?|millions?|billions?)\.?\s*", re.I)
# openpyxl writes this format of Excel’s own without what parts its sections.
MENDED = {
    '_("$"* #,##0.00_)_("$"* \\(#,##0.00\\)_("$"* "-"??_)_(@_)': (
        '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'
    )
}
# What may stand between a number’s digits without changing it.
SPACES = " \u00a0\u2009\u202f"

Doubt = Literal["", "nothing", "instead", "digits", "no minus", "minus", "about", "scale"]


@dataclass(frozen=True)
class Section:
    """One section: what it prints before, between and after the places for digits, and when."""

    before: str
    between: str
    after: str
    places: str
    is_general: bool
    is_fraction: bool
    condition: tuple[str, Decimal] | None

    def applies(self, number: Decimal) -> bool:
        """Whether its condition holds; False where it has none."""
        return self.condition is not None and COMPARISONS[self.condition[0]](
            number, self.condition[1]
        )

    @property
    def printed(self) -> str:
        return self.before + self.between + self.after


@lru_cache(maxsize=1000)
def sections_of(number_format: str) -> tuple[Section, ...]:
    """The sections for numbers, in their order; the one for text is left out."""
    parts = split_sections(MENDED.get(number_format, number_format))
    if len(parts) == 4 or (len(parts) > 1 and "@" in parts[-1]):
        parts = parts[:-1]
    return tuple(map(_section_of, parts))


def split_sections(number_format: str) -> list[str]:
    """The text of each section; a “;” that is quoted, escaped or in brackets parts nothing."""
    kept = re.split(r'("[^"]*"|\\.|\[[^\]]*\])', number_format)
    marked = "".join(part if n % 2 else part.replace(";", "\x00") for n, part in enumerate(kept))
    return marked.split("\x00")


def _section_of(text: str) -> Section:
    printed = ["", "", ""]
    places, condition, is_general, is_fraction = "", None, False, False
    for found in TOKEN.finditer(text):
        kind, sign = found.lastgroup, found[found.lastgroup] if found.lastgroup else ""
        if kind == "bracket":
            if limit := CONDITION.fullmatch(sign):
                condition = (limit[1], Decimal(limit[2]))
            # “[$£-809]” prints a pound sign; other brackets hold colours.
            sign = sign[1:].partition("-")[0] if sign.startswith("$") else ""
        is_general = is_general or kind == "general" or text.strip() == "@"
        is_fraction = is_fraction or sign == "/"
        if kind in ("place", "general") or (kind == "structure" and sign in ".%"):
            places += sign if kind != "general" else "0"
        if kind in ("place", "general"):
            # What stood after a place stands between two.
            printed = [printed[0], printed[1] + printed[2], ""]
        elif kind != "structure":
            printed[2 if re.search("[0#?]", places) else 0] += sign
    before, between, after = printed
    return Section(before, between, after, places, is_general, is_fraction, condition)


def doubt_of(number: Decimal, number_format: str) -> tuple[Doubt, str]:
    """Why the cell does not show this number, and what it shows instead; “” twice where it does.

    “nothing” and “instead”: no digit is shown, and something else or nothing; “digits”: others
    beside the number’s own; “no minus” and “minus”: its sign is another; “about”: a sign such as
    “<” is put to it; “scale”: a word such as “k”.
    """
    sections = sections_of(number_format)
    for section in _applied(sections, number):
        doubt = _doubt_of_section(section, number, is_only=len(sections) == 1)
        if doubt:
            return doubt, section.printed.strip()
    return "", ""


@lru_cache(maxsize=1000)
def doubt_of_text(number_format: str) -> tuple[Doubt, str]:
    """The same for a text: “nothing”, “instead”, or “digits” where other signs stand beside it."""
    parts = split_sections(number_format)
    if len(parts) < 4 and "@" not in parts[-1]:
        return "", ""
    section = _section_of(parts[-1])
    printed = section.printed.strip()
    if not section.is_general and "@" not in parts[-1]:
        return "instead" if printed else "nothing", printed
    return "digits" if printed else "", printed


def _applied(sections: tuple[Section, ...], number: Decimal) -> tuple[Section, ...]:
    """The section that applies; more than one where programs do not agree which."""
    if any(section.condition for section in sections):
        first, second = sections[0], sections[1] if len(sections) > 1 else None
        if first.applies(number):
            return (first,)
        if second and second.applies(number):
            return (second,)
        if second is None:
            return (Section("", "", "", "", False, False, None),)
        return tuple(section for section in sections[1:] if section.condition is None) or (second,)
    if number < 0 and len(sections) > 1:
        return (sections[1],)
    return (sections[2],) if number == 0 and len(sections) > 2 else (sections[0],)


def _doubt_of_section(section: Section, number: Decimal, *, is_only: bool) -> Doubt:
    if not section.is_general and not _shows_a_digit(section, number):
        return "instead" if section.printed.strip() else "nothing"
    if ABOUT.search(section.printed):
        return "about"
    if SCALE.fullmatch(section.after) or section.places.count("%") > 1:
        return "scale"
    if any(map(_is_digit, section.printed)) and not section.is_fraction:
        return "digits"
    if section.between.strip(SPACES) and not section.is_fraction:
        return "digits"
    if number < 0 and not (is_only or _is_signed(section) or _signs_by_itself(section)):
        return "no minus"
    return "minus" if number >= 0 and _is_signed(section) else ""


def _is_digit(sign: str) -> bool:
    return sign.isdigit() or sign.isnumeric()


def _shows_a_digit(section: Section, number: Decimal) -> bool:
    """“#” and “?” show no nought: with them alone, nothing is shown of one."""
    whole, _, decimals = section.places.replace("%", "").partition(".")
    if not whole and not decimals:
        return False
    if "0" in section.places:
        return True
    shown = number.scaleb(2 * section.places.count("%"))
    return section.is_fraction or bool(round(shown, len(decimals)))


def _is_signed(section: Section) -> bool:
    """Whether it prints a minus, or the brackets that stand for one, itself."""
    if MINUS.search(section.before):
        return True
    after = section.after.strip()
    return ("(" in section.before and ")" in after) or (bool(after) and after in DASHES)


def _signs_by_itself(section: Section) -> bool:
    """Whether its condition also holds for numbers above nought: then a minus is kept."""
    if section.condition is None:
        return False
    sign, limit = section.condition
    return sign == "<>" or (limit > 0 if sign in ("<", "<=") else limit < 0 and sign != "=")
