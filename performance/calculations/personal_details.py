"""Words that could lead to a child or a family: found by their shape, for a person to look at.

A rule of thumb: it finds what officers most often write by habit. It cannot know a name, so a box
still says not to name or describe a child.
"""

import re
from collections.abc import Callable

NUMBER = (
    r"(?:[0-9]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen)"
)
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
DAY = (
    rf"(?:[0-9]{{1,2}}[/.-][0-9]{{1,2}}[/.-][0-9]{{2,4}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?{MONTH},?\ [0-9]{{2,4}}"
    rf"|{MONTH}\ [0-9]{{1,2}}(?:st|nd|rd|th)?,?\ [0-9]{{2,4}})"
)
BIRTH = r"(?:born|d\.?o\.?b\.?|date\ of\ birth)"
CHILD = (
    r"(?:child|boy|girl|baby|infant|teenager|son|daughter|twin|pupil|young\ (?:person|man|woman))"
)
RELATIVE = (
    r"(?:(?:half|step)-?(?:brother|sister)|(?:grand|step)?(?:mother|father)|mum|dad|sibling"
    r"|brother|sister|twin|son|daughter|aunt|uncle|cousin)"
)
TO = r"\s*(?:to|-|–|and|or|/|,)\s*"
# What follows a number that begins a band of ages, and what stands before one that ends it.
BAND_AFTER = (
    rf"(?!{TO}{NUMBER}\b|\s*\+|\s+(?:and|or)\s+(?:over|under|above|below|older|younger)|\s+plus\b)"
)
BAND_BEFORE = re.compile(rf"(?:{NUMBER}{TO}|\b(?:under|over|below|above)\s+(?:the\s+)?)$", re.I)
# What begins a band is no longer: “seventeen and ”, “under the ”. Looking at all that stands before
# each of a thousand ages takes seconds.
BAND_REACH = 30
# “Two-year-old offer” is a scheme, “14-year-olds” are many.
SCHEME = r"(?!s|\s+(?:offer|places?|funding|entitlement|checks?)\b)"
# Two letters that stand for something else after “child” or “family”.
NO_INITIALS = r"(?!LA\b|EH\b|IT\b|SW\b)"
WHITE = re.compile(r"\s+")


def _pattern(words: str, flags: int = re.I) -> re.Pattern[str]:
    return re.compile(words, flags | re.X)


PATTERNS = [
    # “J.S.”, “J. S.”, “J S”
    _pattern(r"(?<![\w.])(?!U\.\s?[KS]\b)[A-Z]\.\s?(?:[A-Z]\.\s?)*[A-Z]\b\.?(?!\w)", 0),
    _pattern(r"(?<![\w.’'])[A-Z]\ [A-Z](?![\w’'])", 0),
    # “child A”, “family JS”
    _pattern(rf"\b(?i:{CHILD}|family|{RELATIVE})\s+{NO_INITIALS}[A-Z]{{1,2}}(?![\w’'])", 0),
    # “born on 3 May 2005”, “DOB: 03/05/05”, “3 May 2005 (dob)”
    _pattern(rf"\b{BIRTH}(?:\s*[:=,(-])?\s*(?:(?:on|was|is)\s+)?(?:the\s+)?{DAY}"),
    _pattern(rf"\b{DAY}\s*[,(]?\s*(?:{BIRTH}|birthday)\b"),
    _pattern(rf"\bbirthday(?:\s?(?:is|was|on|:|of)){{0,3}}\s?{DAY}"),
]
AGES = [
    # “aged 14”, “age 14”, “at the age of 14”
    _pattern(rf"\b(?:aged|age\ of|age)[ :]{NUMBER}\b{BAND_AFTER}"),
    # “14-year-old”, “14 yr old boy”, “14 years of age”, “6 months old”, “14yo”
    _pattern(
        rf"\b{NUMBER}[- ]?(?:years?|yrs?|months?|mths?|weeks?)[- ](?:old\b|of\ age\b)"
        rf"{SCHEME}(?:\s+(?:{CHILD}|male|female)\b)?"
    ),
    _pattern(r"\b[0-9]{1,2}\s?(?:y/?o)\b"),
    # “a boy of 14”, “girl (9)”
    _pattern(rf"\b{CHILD}(?:\s+of\s+[0-9]{{1,2}}\b(?!\s*%)|\s*\([0-9]{{1,2}}\)){BAND_AFTER}"),
]
NUMBERS = [
    # “case 4412”, “ref. AB/123”, “NHS no: 943”; a year is none
    _pattern(
        r"\b(?:case|ref(?:erence)?|nhs|upn|uln)\.?\s*(?:no\.?|number|id)?\s*[:#]?\s*"
        r"(?!(?:19|20)[0-9]{2}\b)(?:[A-Z]{1,4}[-/]?)?[0-9]{3,}[0-9A-Z/-]*"
    ),
    # An NHS number, a National Insurance number
    _pattern(r"(?<![\w,.])[0-9]{3}[\ -][0-9]{3}[\ -][0-9]{4}(?!\w)"),
    _pattern(r"\b[A-Z]{2}\s?[0-9]{2}\s?[0-9]{2}\s?[0-9]{2}\s?[A-D]\b"),
    # Six digits and more, but no sum of money, no year such as 201617 and no code of an area
    _pattern(r"(?<![\w£.,])(?![EWSN][0-9]{8}\b)[A-Z]{0,4}[-/]?[0-9]{6,}[A-Z]?(?![\w%])"),
]
# “Jayden Carter, 9, of Bilston”; “Anne-Marie O’Neil, aged 9” is found by its “aged”
NAMES = [
    _pattern(
        r"(?<![\w’'-])(?:[A-ZÀ-Þ][\w’'-]{0,30}[a-zß-ÿ]\ ){1,3}[A-ZÀ-Þ][\w’'-]{0,30}[a-zß-ÿ]"
        r",\s?(?:1?[0-9]|2[0-5])(?=\s?(?:[,;)]|\.(?![0-9])|$)"
        r"|\s(?:and|was|is|has|had|who|whose|from|lives?|lived|went|left|moved|came)\b)",
        0,
    ),
]
# Two capitalised words with one of these are a service, a law or a place, and no child.
NO_NAMES = frozenset(
    """
    Academy Act Action Adult Adults Annex Appendix Area Authority Bill Board Borough Cabinet Care
    Centre Chapter Chart Child Children Childrens Children’s Children's City Class College
    Commission Committee Council Councillor Councillors Country Court Department Director Division
    Early Education England Exclusions Family Families Figure Friday Government Group Health Help
    Home Homes Hospital Hub Index Indicator Item Leavers Level Measure Meeting Metric Midlands
    Monday Month Needs Officer Officers Ofsted Panel Paper Paragraph Part Partnership People
    Period Phase Placements Plan Plans Police Policy Priority Programme Protection Quarter
    Referrals Regulation Regulations Report Reviews Road Round Row Rule Safeguarding Saturday
    Schedule School Schools Scrutiny Section Service Services Social Special Stage Standard
    Strategy Street Sunday Support Table Target Team Teams Theme Thursday Together Trust Tuesday
    Unit Version Virtual Visits Visitors Wednesday Week Work Worker Workers Working Year Years
    Youth
    """.split()
)
RELATIONS = [
    # “mother of B”, “Jo’s father”, “the child’s mother”
    _pattern(rf"\b{RELATIVE}\s+of\s+\w+"),
    _pattern(rf"\b(?:[A-Z][a-z]+|(?i:{CHILD}))[’']s\s+(?i:{RELATIVE})\b", 0),
]


def find_personal(words: str) -> list[str]:
    """What could describe a child or a family, each as it is written, in its order: “aged 14”,
    “J.S.”, “born on 3 May 2005”. Empty where nothing looks so."""
    # Every run of white space is one sign, so that no pattern goes through a long one again and
    # again; the end of a line still parts what stands on both sides of it.
    words = WHITE.sub(_one_sign, words)
    found: list[tuple[int, int]] = []
    for patterns, counts in GROUPS:
        for pattern in patterns:
            for match in pattern.finditer(words):
                if counts(words, match):
                    found.append(match.span())
    # Of two that overlap, the one that begins first and says more.
    told: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not told or start >= told[-1][1]:
            told.append((start, end))
    return list(dict.fromkeys(" ".join(words[start:end].split()) for start, end in told))


def _one_sign(white: re.Match[str]) -> str:
    return "\n" if "\n" in white[0] or "\r" in white[0] else " "


def _always(words: str, match: re.Match[str]) -> bool:
    return True


def _is_one_age(words: str, match: re.Match[str]) -> bool:
    """Not the end of a band: “16 to 17-year-old”, “under the age of 14”."""
    start = match.start()
    return not BAND_BEFORE.search(words, max(0, start - BAND_REACH), start)


def _is_a_name(words: str, match: re.Match[str]) -> bool:
    """Not “Early Help, 4, and …”: of services, laws and places there are lists with counts."""
    return NO_NAMES.isdisjoint(match[0].partition(",")[0].split())


def _is_no_school_year(words: str, match: re.Match[str]) -> bool:
    """“201617” is how published files write 2016/17."""
    year = re.fullmatch(r"(19|20)([0-9]{2})([0-9]{2})", match[0])
    return not (year and (int(year[2]) + 1) % 100 == int(year[3]))


Counts = Callable[[str, "re.Match[str]"], bool]
GROUPS: list[tuple[list[re.Pattern[str]], Counts]] = [
    (PATTERNS, _always),
    (AGES, _is_one_age),
    (NUMBERS, _is_no_school_year),
    (NAMES, _is_a_name),
    (RELATIONS, _always),
]
