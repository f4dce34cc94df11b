"""The source's words for a period, as they are said in a sentence."""

import re

from performance.calculations.figures import Figure

QUARTERS = {"1": "first", "2": "second", "3": "third", "4": "last"}
HAVE_THEIR_WORD = ("at ", "before ", "after ", "since ", "by ", "in ", "on ", "during ")


def say_when(figure: Figure) -> str:
    """“on 8 August 2016”, “in 2015/16”, “at the end of June 2016”, “from April to August 2016”."""
    words = name_period(figure)
    if words.startswith(HAVE_THEIR_WORD) or not _has_date(figure):
        return words
    if " to end of " in words:
        return f"from {words.replace(' to end of ', ' to the end of ')}"
    if words.startswith("the end of"):
        return f"at {words}"
    if re.match(r"[A-Z]\w+( \d{4})? to [A-Z]", words):
        return f"from {words}"
    is_day = figure.start == figure.end and re.match(r"\d{1,2} [A-Z]", words)
    return f"{'on' if is_day else 'in'} {words}"


def name_period(figure: Figure) -> str:
    """“8 August 2016”, “the first quarter of 2016/17”, “the end of June 2016”: after “for”."""
    label = figure.label
    quarter = re.fullmatch(r"Q([1-4]) (\d{4}/\d{2})", label)
    if quarter:
        return f"the {QUARTERS[quarter[1]]} quarter of {quarter[2]}"
    return f"the {label}" if label.startswith(("end of ", "year to ")) else label


def attach_when(said: str, figure: Figure) -> str:
    """“43% in July 2016”, “71%, not dated in the paper”."""
    return f"{said}{' ' if _has_date(figure) else ', '}{say_when(figure)}"


def _has_date(figure: Figure) -> bool:
    return not figure.label.startswith(("not dated", "no date"))
