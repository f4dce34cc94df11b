"""An earlier release after a later one: its figures take their place among the versions there are.

What is to change is worked out by `timeline.make_versions` from what every load has said, then
written. The same serves a withdrawn back-load, which is what was said less one load.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from performance.importer.staging import FLAGS, LOADS, SAME_KEY, TABLE
from performance.importer.timeline import SaidTwice, Saying, Version, make_versions
from performance.models import Load

FLAG_COLUMNS = "is_provisional, is_revised, is_estimated, is_undated, is_series_break"


class Key(NamedTuple):
    series: int
    area: int
    start: date
    end: date


class Content(NamedTuple):
    """What a version says: all of a figure but its key, its times and its load."""

    label: str
    value: Decimal | None
    symbol: str
    published: str
    numerator: Decimal | None
    denominator: Decimal | None
    note: str
    flags: str

    def is_same_as(self, other: "Content") -> bool:
        """As SAME_FIGURE in `staging` has it."""
        return (
            (self.value, self.symbol, self.note, self.flags)
            == (other.value, other.symbol, other.note, other.flags)
            and (None in (self.numerator, other.numerator) or self.numerator == other.numerator)
            and (
                None in (self.denominator, other.denominator)
                or self.denominator == other.denominator
            )
        )


@dataclass(frozen=True)
class HeldVersion:
    """A version as the record has it, and what the loads that gave it said: a version that a
    withdrawal put back says nothing of its own."""

    id: int
    load: int
    content: Content
    known_from: datetime
    basis: str
    known_until: datetime | None
    said: tuple[Saying[Content], ...]

    @property
    def state(self) -> tuple[datetime, datetime | None]:
        return self.known_from, self.known_until


class Sayer(NamedTuple):
    """A load, when what it said was released, and what took it back when."""

    load: int
    released_at: datetime | None
    format: str
    withdrawn_by: int | None
    withdrawn_at: datetime | None


# Figures that no load brought.
NOBODY = Sayer(0, None, "", None, None)


class RefusedFigure(NamedTuple):
    """A figure of a file that cannot take its place: it says another value on a day than a load
    that stands, or no day at all would show what load `hides` says."""

    file_row: int
    file_column: str
    content: Content
    hides: int = 0


@dataclass
class Rewriting:
    """What becomes of the versions of some keys. `changed`: keys whose figures change at a time
    when they were known, with what the load says and what is current. `unchanged`: places in the
    file of figures that stay as they are."""

    changed: list[tuple[Key, Content, Content | None]] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[RefusedFigure] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    moved: list[tuple[int, datetime, str, datetime | None, int, list[int]]] = field(
        default_factory=list
    )
    added: list[tuple[Key, Content, Version[Content], str]] = field(default_factory=list)


READ_HELD = f"""
SELECT m.series_id, m.area_id, m.period_start, m.period_end, m.id, m.period_label, m.value,
    m.symbol, m.symbol_as_published, m.numerator, m.denominator, m.note, {FLAG_COLUMNS},
    m.known_from, m.known_from_basis, m.known_until, coalesce(m.load_id, 0), m.repeated_by
FROM {TABLE} m
"""
READ_SAYERS = f"""
SELECT l.id, l.released_at, l.format, w.id, w.released_at
FROM {LOADS} l LEFT JOIN {LOADS} w ON w.withdraws_id = l.id WHERE l.id = ANY (%s)
"""
OF_EARLIER = f"""
JOIN staged s ON {SAME_KEY} JOIN compared c USING (place) WHERE c.outcome = 'earlier'
ORDER BY m.series_id, m.area_id, m.period_start, m.period_end, m.known_from
"""
READ_INCOMING = """
SELECT s.series_id, s.area_id, s.period_start, s.period_end, s.period_label, s.value, s.symbol,
    s.symbol_as_published, s.numerator, s.denominator, s.note, s.flags, s.file_row, s.file_column,
    s.known_from, s.place
FROM staged s JOIN compared c USING (place) WHERE c.outcome = 'earlier'
"""
STAYS = "UPDATE compared SET outcome = 'stays' WHERE place = ANY (%s)"
MOVE = f"""
UPDATE {TABLE} SET known_from = %s, known_from_basis = %s, known_until = %s, load_id = %s,
    repeated_by = %s
WHERE id = %s
"""
ADD = f"""
INSERT INTO {TABLE} (
    series_id, area_id, period_start, period_end, period_label, value, symbol,
    symbol_as_published, numerator, denominator, note, {FLAG_COLUMNS}, known_from,
    known_from_basis, known_until, load_id, repeated_by
) VALUES ({", ".join(["%s"] * 21)})
"""
SETTLE = f"""
UPDATE compared c SET outcome = 'unchanged'
FROM staged s
WHERE c.place = s.place AND c.outcome = 'earlier' AND c.same AND NOT EXISTS (
    SELECT FROM {TABLE} m
    WHERE {SAME_KEY} AND (m.id <> c.current_id OR m.known_from > %s)
)
"""


def read_held(which: str = OF_EARLIER, given: Sequence[int] = ()) -> dict[Key, list[HeldVersion]]:
    """Every version of the keys that `which` (the rest of the statement) names."""
    held: dict[Key, list[HeldVersion]] = {}
    with connection.cursor() as cursor:
        cursor.execute(READ_HELD + which, given)
        rows = cursor.fetchall()
        cursor.execute(READ_SAYERS, [list({load for row in rows for load in (row[20], *row[21])})])
        sayers = {row[0]: Sayer(*row) for row in cursor.fetchall()}
    for row in rows:
        held.setdefault(Key(*row[:4]), []).append(_make_held(row, sayers))
    return held


def _make_held(row: Sequence, sayers: Mapping[int, Sayer]) -> HeldVersion:
    flags = "".join(flag for flag, is_set in zip(FLAGS, row[12:17], strict=True) if is_set)
    content = Content._make([*row[5:12], flags])
    known_from, basis, known_until, load, repeats = row[17:]
    said = [_make_saying(content, known_from, sayers.get(each, NOBODY)) for each in (load, *repeats)
            if each not in sayers or sayers[each].format != Load.Format.WITHDRAWAL]  # fmt: skip
    return HeldVersion(row[4], load, content, known_from, basis, known_until, tuple(said))


def _make_saying(content: Content, known_from: datetime, sayer: Sayer) -> Saying[Content]:
    """A figure that is known later than its release came again after a withdrawal."""
    is_own_day = sayer.released_at is None or sayer.format == Load.Format.FOLDER
    released = sayer.released_at
    if released is None or is_own_day:
        released = known_from
    return Saying(
        max(released, known_from), sayer.load, content, released, sayer.withdrawn_at,
        sayer.withdrawn_by or 0, is_own_day,
    )  # fmt: skip


def settle_same(released_at: datetime) -> None:
    """What the record has said all along, in one version, is unchanged: the common case."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [released_at])


def plan_back_load(load: int, released_at: datetime) -> Rewriting:
    """What an earlier release, compared, does to the versions there are; nothing is written of the
    record. What it leaves as it is has the outcome “stays”."""
    rewriting, held = Rewriting(), read_held()
    with connection.cursor() as cursor:
        cursor.execute(READ_INCOMING)
        for row in cursor.fetchall():
            key, versions = Key(*row[:4]), held[Key(*row[:4])]
            content = _content_among(row[4:12], versions)
            # When the period was first published holds for whichever value came first.
            first = min([versions[0].known_from, *([row[14]] if row[14] else [])])
            sayings = [*sayings_of(versions), Saying(released_at, load, content)]
            try:
                made = make_versions(sayings, first)
            except SaidTwice:
                rewriting.refused.append(RefusedFigure(row[12], row[13], content))
                continue
            if hidden := _hidden(sayings, made):
                rewriting.refused.append(RefusedFigure(row[12], row[13], content, hidden))
                continue
            _rewrite(rewriting, key, versions, made)
            if [v.content for v in versions] == [v.says for v in made] and [
                v.state for v in versions
            ] == [(v.known_from, v.known_until) for v in made]:
                rewriting.unchanged.append(row[15])
            else:
                current = versions[-1].content if versions[-1].known_until is None else None
                rewriting.changed.append((key, content, current))
        cursor.execute(STAYS, [rewriting.unchanged])
    return rewriting


def _hidden(sayings: Iterable[Saying[Content]], made: Iterable[Version[Content]]) -> int:
    """A load that stands and of which no version tells any more, or 0: one that came again after a
    withdrawal counts from then on, by when a figure of a later day may stand before it."""
    told = {load for version in made for load in (version.load, *version.repeated_by)}
    standing = (each for each in sayings if each.until is None and not each.is_own_day)
    return next((each.load for each in standing if each.load not in told), 0)


def _content_among(row: Sequence, versions: Iterable[HeldVersion]) -> Content:
    """What a file's row says; where the file is silent, as the version that says the same."""
    label, value, symbol, published, numerator, denominator, note, flags = row
    for version in versions:
        held = version.content
        asked = Content(
            label, value, symbol, published, numerator, denominator,
            held.note if note is None else note, held.flags if flags is None else flags,
        )  # fmt: skip
        if held.is_same_as(asked):
            return held
    return Content(label, value, symbol, published, numerator, denominator, note or "", flags or "")


def sayings_of(versions: Sequence[HeldVersion], without: int = 0) -> Iterator[Saying[Content]]:
    """What the record's versions say came when, less what one load says."""
    seen: set[tuple[int, Content]] = set()
    for version in versions:
        for saying in version.said:
            # What a withdrawal put back names again who said it before.
            if saying.is_own_day or (saying.load, saying.says) not in seen:
                seen.add((saying.load, saying.says))
                if saying.load != without or not without:
                    yield saying


def _rewrite(
    rewriting: Rewriting,
    key: Key,
    versions: Sequence[HeldVersion],
    made: Iterable[Version[Content]],
) -> None:
    """Which of the record's rows become which version; one row stands for each version."""
    free = list(versions)
    for version in made:
        row = next((one for one in free if one.content == version.says), None)
        basis = "stated" if row is None else row.basis
        if versions and version.known_from == versions[0].known_from:
            basis = versions[0].basis
        if row is None:
            rewriting.added.append((key, version.says, version, basis))
            continue
        free.remove(row)
        repeats = list(version.repeated_by)
        rewriting.moved.append(
            (row.id, version.known_from, basis, version.known_until, version.load, repeats)
        )
    rewriting.removed += [row.id for row in free]


def plan_removal(versions: Mapping[Key, Sequence[HeldVersion]], load: int) -> Rewriting:
    """What the versions become without what one load said; nothing is written."""
    rewriting = Rewriting()
    for key, held in versions.items():
        left = list(sayings_of(held, without=load))
        # When the period was first published is not this load's to say, nor to take along.
        first = held[0].known_from
        was_published = all(first < saying.at for saying in held[0].said)
        made = make_versions(left, first if held[0].said and was_published else None)
        _rewrite(rewriting, key, held, made)
    return rewriting


def write(rewriting: Rewriting) -> None:
    """Puts a plan into the record; rows to be removed must have been set aside."""
    # No two rows of a key may be current at once, so those that end come first.
    moved = sorted(rewriting.moved, key=lambda row: row[3] is None)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY (%s)", [rewriting.removed])
        cursor.executemany(MOVE, [(*row[1:4], row[4] or None, row[5], row[0]) for row in moved])
        cursor.executemany(ADD, [_added(*row) for row in rewriting.added])


def _added(key: Key, content: Content, version: Version[Content], basis: str) -> tuple:
    flags = [flag in content.flags for flag in FLAGS]
    return (
        *key, *content[:7], *flags, version.known_from, basis, version.known_until, version.load,
        list(version.repeated_by),
    )  # fmt: skip
