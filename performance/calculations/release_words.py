"""Whether two wordings name the same published release."""

import re
from functools import lru_cache

RELEASE = re.compile(r"\brelease (?:of|for) (\d{4})(?:/\d{2})?")


# A page asks the same of every figure of a release.
@lru_cache(maxsize=1024)
def names_release(source: str, release: str) -> bool:
    """Whether a series' source holds for a release: “Department for Education, children in need,
    release of 2025” does for “Children in need, reporting year 2025”, not for that of 2024.

    A source that names the publication and no release of it holds for each of them.
    """
    said, (name, _, mark) = source.casefold(), release.casefold().partition(", ")
    if "corrected on" in mark or not re.search(rf"(?:^|[,;] ){re.escape(name)}(?:$|[,;])", said):
        return False
    if year := re.search(r"\breporting year (\d{4})", mark):
        named = [_last_year(match) for match in RELEASE.finditer(said)]
        return not named or int(year[1]) in named
    if month := re.search(r"\bdata of (\w+ \d{4})", mark):
        return month[1] in said
    return not RELEASE.search(said) or mark in said


def _last_year(release: re.Match[str]) -> int:
    """2025 for “release of 2025” and for “release for 2024/25” alike."""
    return int(release[1]) + ("/" in release[0])
