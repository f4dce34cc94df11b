"""Which release a published file is: by its headers, its rows and its last period, not its name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.timezone import localtime

from performance.importer.check import start_of_day
from performance.importer.file_kinds import refusal
from performance.importer.published_maps import Maps, PublishedFile, SeriesMap
from performance.importer.published_periods import year_of
from performance.importer.published_table import PublishedTable
from performance.models import DateBasis

ASK_FOR_DAY = (
    "on which day was it released? Give the day of release: on the page of the load, or as "
    "--released-on to the command"
)
NO_MAP = "no map covers this file"
ASK_FOR_RELEASE = "Say which: on the page of the load, or as --release to the command"
# A file with half of a data set's own columns is told what it lacks.
NEARLY = 0.5


def recognise(headers: Sequence[str], maps: Maps) -> list[PublishedFile]:
    """The releases all of whose mapped columns stand among the headers, each once."""
    return [
        file for file in maps.files
        if file.name in maps.by_file and not _missing_columns(file, headers, maps)
    ]  # fmt: skip


def find_release(
    name: str, table: PublishedTable, maps: Maps, *, release: str, released_on: date | None
) -> PublishedFile:
    """The release that the file is; of a new or a corrected one, with its own day of release.

    `release`: the `file` of dfe_files.csv that its owner says it is. Raises LoadRefused with a
    question where several are possible, and with what is missing where none is.
    """
    fitting = [
        file for file in recognise(table.headers, maps) if not _missing_rows(file, table, maps)
    ]
    possible = [file for file in fitting if release in ("", file.name)]
    if not possible:
        why = _why_none(table, maps, release)
        raise refusal(name, why, kind="no map" if why.startswith(NO_MAP) else "")
    last = {file.name: _last_period(table, maps.by_file[file.name]) for file in possible}
    same = [file for file in possible if last[file.name] in (None, file.last_period)]
    if len(same) == 1:
        return _with_day(name, same[0], released_on)
    later = [file for file in possible if _is_later(file, last[file.name], maps)]
    if same or len(later) > 1:
        named = " or ".join(f"{file.name}, {file.words}" for file in same or later)
        raise refusal(name, f"which release is it? It could be {named}. {ASK_FOR_RELEASE}")
    if not later:
        raise refusal(name, _why_no_period(possible[-1], last[possible[-1].name]))
    return _new_release(name, later[0], last[later[0].name], released_on)


def _missing_columns(file: PublishedFile, headers: Sequence[str], maps: Maps) -> list[str]:
    """What of the mapped columns does not stand there just once, or tells another file."""
    wanted = dict.fromkeys([*file.areas.columns, *maps.columns(file.name)])
    told_apart = [column for column in file.without if column in headers]
    return told_apart + [column for column in wanted if headers.count(column) != 1]


def _missing_rows(file: PublishedFile, table: PublishedTable, maps: Maps) -> list[str]:
    """The filters of the maps, in words, of which the file has no row."""
    missing = []
    for series_map in maps.by_file.get(file.name, []):
        for column, value in series_map.filters.items():
            if not (table.frame[column] == value).any():
                missing.append(f"`{column}` is “{value}”")
    return list(dict.fromkeys(missing))


def _last_period(table: PublishedTable, series_maps: Sequence[SeriesMap]) -> int | None:
    """The year in which the last period of the rows that are read ends; None without a column.

    0 where no row has such a year.
    """
    years = {0}
    for series_map in series_maps:
        if not series_map.period_column:
            return None
        chosen = table.frame
        for column, value in series_map.filters.items():
            chosen = chosen[chosen[column] == value]
        texts = chosen[series_map.period_column].unique()
        years |= {year_of(text, series_map.year_form) or 0 for text in texts}
    return max(years)


def _is_later(file: PublishedFile, last: int | None, maps: Maps) -> bool:
    """Whether the file goes beyond the data set's newest release, whose columns it has."""
    releases = [one for one in maps.files if one.title == file.title]
    newest = max(releases, key=lambda one: one.released_at)
    return file is newest and last is not None and last > newest.last_period


def _with_day(name: str, file: PublishedFile, released_on: date | None) -> PublishedFile:
    """The release as it is on record, or with a later day: then it is a correction of it."""
    on_record = localtime(file.released_at).date()
    if released_on is None or released_on == on_record:
        return file
    if released_on < on_record:
        raise refusal(
            name, f"{file.words} is held as released on {in_words(on_record)}, which is "
            f"{file.released_basis}: leave the day of release empty, or give the later day of a "
            "corrected file", found=in_words(released_on)
        )  # fmt: skip
    return replace(file, released_at=start_of_day(released_on), released_basis=DateBasis.STATED)


def _new_release(
    name: str, file: PublishedFile, last: int | None, released_on: date | None
) -> PublishedFile:
    if released_on is None:
        expected = f"this is a new release of ‘{file.title}’: its last period is {last}"
        raise refusal(name, f"{expected}; {ASK_FOR_DAY}")
    newest = localtime(file.released_at).date()
    if released_on <= newest:
        expected = f"a release after {file.words} has a day after {in_words(newest)}"
        raise refusal(name, expected, found=in_words(released_on))
    at = start_of_day(released_on)
    return replace(file, released_at=at, released_basis=DateBasis.STATED, is_new=True)


def _why_no_period(file: PublishedFile, last: int | None) -> str:
    if not last:
        return f"it has the columns of {file.words}, but no row that is read has a year"
    return (
        f"its columns are those of {file.words}, whose last period is {file.last_period}, but its "
        f"own last period is {last}: a map for that release must be added"
    )


def _why_none(table: PublishedTable, maps: Maps, release: str) -> str:
    """What the nearest release has and this file has not."""
    if release and release not in {file.name for file in maps.files}:
        return f"no release “{release}” is known in dfe_files.csv"
    near = [
        file for file in maps.files
        if release == file.name or (not release and _is_near(file, table.headers, maps))
    ]  # fmt: skip
    if not near:
        return f"{NO_MAP}: the page About the data lists the sources that are read"
    file = min(
        reversed(near),
        key=lambda one: (len(_missing_columns(one, table.headers, maps)), -one.last_period),
    )
    if told_apart := [column for column in file.without if column in table.headers]:
        return (
            f"{NO_MAP}. It has the columns of {file.words}, but also "
            f"`{told_apart[0]}`, so it is another file, in which the same columns mean otherwise"
        )
    if missing := _missing_columns(file, table.headers, maps):
        lacking = "; ".join(_why_column(column, table.headers) for column in missing)
    else:
        lacking = "has no row where " + ", or where ".join(_missing_rows(file, table, maps))
    return (
        f"{NO_MAP}. It is like {file.words} but {lacking}: DfE renames columns and "
        "groups; if this is a release of it, a map for it must be added"
    )


def _why_column(column: str, headers: Sequence[str]) -> str:
    times = headers.count(column)
    return f"has the column `{column}` {times} times" if times else f"has no column `{column}`"


def _is_near(file: PublishedFile, headers: Sequence[str], maps: Maps) -> bool:
    """Whether half of what the data set alone has is there: not areas and years, which all have."""
    telling = [column for column in maps.columns(file.name) if column not in file.areas.about]
    if not telling or not set(file.areas.columns) <= set(headers):
        return False
    return sum(column in headers for column in telling) >= NEARLY * len(telling)


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
