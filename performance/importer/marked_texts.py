"""What is struck through, raised or lowered in a workbook: a correction, or the mark of a footnote.

openpyxl hands over a text without its formatting: 65 with a small, raised 1 to it reads as 651.
"""

import zipfile
from typing import Any, Literal
from xml.etree.ElementTree import Element, fromstring, iterparse

from openpyxl.packaging.manifest import Manifest
from openpyxl.xml.constants import ARC_CONTENT_TYPES, SHARED_STRINGS

from performance.importer.raw_tables import Marked, Raw, Unclear, text_of

Mark = Literal["partly struck", "partly raised", "struck", "raised"]
QUESTIONS: dict[Mark, str] = {
    "partly struck": "a part of this is struck through: what is meant? Write only that, without a "
    "line through it",
    "partly raised": "a part of this is raised or lowered, as the mark of a footnote is: does it "
    "belong to it? Write only what is meant, all of it on the line",
    "struck": "this is struck through: is it still meant? Take the line away, or empty the cell",
    "raised": "this is raised or lowered, as the mark of a footnote is: is it meant as it stands? "
    "Put it on the line, or empty the cell",
}
OFF = ("0", "false")


def find_marked(packed: zipfile.ZipFile) -> dict[int, Mark]:
    """Which texts of the workbook's own list, by their numbers, have a mark."""
    types = Manifest.from_tree(fromstring(packed.read(ARC_CONTENT_TYPES)))
    listed = types.find(SHARED_STRINGS)
    if listed is None:
        return {}
    found: dict[int, Mark] = {}
    number = 0
    with packed.open(listed.PartName[1:]) as part:
        for _, element in iterparse(part):
            if _name(element) == "si":
                if mark := mark_of_text(element):
                    found[number] = mark
                number += 1
                element.clear()
    return found


def mark_of_text(text: Element) -> Mark | None:
    """The mark of a text that is made of runs, each with its own formatting."""
    runs = [_mark_of_run(run) for run in text if _name(run) == "r" and _letters(run)]
    # What stands before the first run has the cell’s own formatting.
    runs += ["" for part in text if _name(part) == "t" and (part.text or "").strip()]
    if "struck" in runs:
        return "struck" if set(runs) == {"struck"} else "partly struck"
    if "raised" in runs:
        return "raised" if set(runs) == {"raised"} else "partly raised"
    return None


def _letters(run: Element) -> str:
    return "".join(part.text or "" for part in run if _name(part) == "t").strip()


def _mark_of_run(run: Element) -> str:
    for formats in run:
        if _name(formats) != "rPr":
            continue
        given = {_name(part): part.get("val") for part in formats}
        if "strike" in given and given["strike"] not in OFF:
            return "struck"
        if given.get("vertAlign") in ("superscript", "subscript"):
            return "raised"
    return ""


def mark_of_font(font: Any) -> Mark | None:
    """The mark of a whole cell, by the font of its style."""
    if font is None:
        return None
    if font.strike:
        return "struck"
    return "raised" if font.vertAlign in ("superscript", "subscript") else None


def ask_about(value: Raw, mark: Mark) -> Unclear:
    """The question about a cell that has this mark."""
    question = QUESTIONS[mark]
    if isinstance(value, str):
        return Marked(value, question, is_struck="struck" in mark)
    return Unclear(text_of(value), question)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
