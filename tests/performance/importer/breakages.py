"""What can be wrong with the text and the cells of a file: one function each, all of them seeded.

Each takes a good file and a random.Random and returns the broken bytes and what was done; those
that change rows hand back the rows too, so that what the figures truly are can be read from them.
"""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from tests.performance.importer.good_files import Good, Rows


class Done(NamedTuple):
    """`rows`: what now stands in the cells, where that is known. `is_same`: the file says what it
    said, and must load. `is_wrong`: it must be refused."""

    content: bytes
    what: str
    rows: Rows | None = None
    is_same: bool = False
    is_wrong: bool = False


Mutation = Callable[[Good, random.Random], Done]
TEXT: dict[str, Mutation] = {}
CELLS: dict[str, Mutation] = {}
BYTES_KEPT = (0x00, 0x0A, 0x0D, 0x22, 0x2C, 0x30, 0x39, 0x80, 0xC3, 0xE9, 0xEF, 0xFF)


def of(kind: dict[str, Mutation]) -> Callable[[Mutation], Mutation]:
    def register(made: Mutation) -> Mutation:
        kind[made.__name__.replace("_", " ")] = made
        return made

    return register


def splice(content: bytes, at: int, new: bytes, gone: int = 0) -> bytes:
    return content[:at] + new + content[at + gone :]


@of(TEXT)
def flip_bytes(good, random_):
    content = bytearray(good.content)
    places = random_.sample(range(len(content)), random_.randint(1, 4))
    for at in places:
        content[at] ^= 1 << random_.randrange(8)
    return Done(bytes(content), f"bits of bytes {places} turned")


@of(TEXT)
def insert_bytes(good, random_):
    at = random_.randrange(len(good.content))
    new = bytes(random_.choice(BYTES_KEPT) for _ in range(random_.randint(1, 3)))
    return Done(splice(good.content, at, new), f"{new!r} at {at}")


@of(TEXT)
def delete_bytes(good, random_):
    at, gone = random_.randrange(len(good.content)), random_.randint(1, 6)
    return Done(splice(good.content, at, b"", gone), f"{gone} bytes gone at {at}")


@of(TEXT)
def duplicate_bytes(good, random_):
    content = good.content
    at, count = random_.randrange(len(content)), random_.randint(1, 300)
    return Done(splice(content, at, content[at : at + count]), f"{count} bytes twice at {at}")


@of(TEXT)
def truncate(good, random_):
    at = random_.randrange(len(good.content))
    return Done(good.content[:at], f"cut after {at} bytes")


@of(TEXT)
def nul_bytes(good, random_):
    at, count = random_.randrange(len(good.content)), random_.choice([1, 2, 40])
    return Done(splice(good.content, at, b"\0" * count), f"{count} NUL at {at}", is_wrong=True)


@of(TEXT)
def mark_in_the_middle(good, random_):
    at = random_.randrange(4, len(good.content))
    return Done(splice(good.content, at, b"\xef\xbb\xbf"), f"a byte order mark at {at}")


@of(TEXT)
def swap_encoding(good, random_):
    text = good.content.decode(good.encoding)
    said, written = random_.choice(
        [("utf-16", "utf-8"), ("utf-8", "utf-16-le"), ("utf-8", "utf-32"), ("utf-8", "mac-roman"),
         ("utf-8", "cp850"), ("utf-8", "cp500"), ("utf-8", "utf-7")]
    )  # fmt: skip
    mark = b"\xff\xfe" if said == "utf-16" else b""
    return Done(mark + text.encode(written, errors="replace"), f"said {said}, written in {written}")


@of(TEXT)
def mixed_encodings(good, random_):
    lines = good.content.decode(good.encoding).splitlines(keepends=True)
    at = random_.randrange(1, len(lines))
    lines[at] = lines[at].replace("2", "2é", 1)
    first = "".join(lines[:at]).encode(good.encoding)
    rest = "".join(lines[at:]).encode("utf-8" if good.encoding == "cp1252" else "cp1252", "replace")
    return Done(first + rest, f"another encoding from line {at + 1} on")


@of(TEXT)
def line_ends(good, random_):
    text = good.content.decode(good.encoding)
    lines = re.split("\r\n|\r|\n", text.removesuffix("\n").removesuffix("\r"))
    end = random_.choice(["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"])
    return Done(end.join(lines).encode(good.encoding), f"lines end in {end!r}", good.rows, True)


@of(TEXT)
def mixed_line_ends(good, random_):
    lines = re.split("\r\n|\r|\n", good.content.decode(good.encoding))
    text = "".join(line + random_.choice(["\n", "\r\n", "\r"]) for line in lines)
    return Done(text.encode(good.encoding), "lines end in three ways")


@of(TEXT)
def quotation_mark(good, random_):
    text = good.content.decode(good.encoding)
    at = random_.randrange(len(text))
    return Done((text[:at] + '"' + text[at:]).encode(good.encoding), f"a quotation mark at {at}")


@of(TEXT)
def delimiter_of_one_line(good, random_):
    lines = good.content.decode(good.encoding).splitlines(keepends=True)
    at = random_.randrange(len(lines))
    other = random_.choice([sign for sign in ",;\t|" if sign != good.delimiter])
    lines[at] = lines[at].replace(good.delimiter, other)
    return Done("".join(lines).encode(good.encoding), f"line {at + 1} parted by {other!r}")


@of(TEXT)
def another_kind_of_file(good, random_):
    start = random_.choice(
        [b"%PDF-1.7\n", b"<html><body>", b'{"a": 1}', b"PK\x03\x04", b"\x1f\x8b\x08", b"\x89PNG\r",
         b"{\\rtf1 ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml version='1.0'?>", b"PAR1"]
    )  # fmt: skip
    # A zip is read from its end: behind such a start it may still be whole.
    return Done(start + good.content, f"starts with {start!r}", is_wrong=good.is_text)


def copied(good: Good) -> Rows:
    return [list(row) for row in good.rows]


def a_row(good: Good, random_: random.Random) -> int:
    return random_.randrange(1, len(good.rows))


def with_value(rows: Rows, place: int, random_: random.Random) -> int:
    """A row that has something in that column."""
    return random_.choice([at for at in range(1, len(rows)) if rows[at][place].strip()])


def written(good: Good, rows: Rows, what: str, **said: bool) -> Done:
    return Done(good.write(rows), what, rows, **said)


@of(CELLS)
def nothing_at_all(good, random_):
    return written(good, good.rows, "left as it was", is_same=True)


@of(CELLS)
def swap_headers(good, random_):
    rows = copied(good)
    one, two = random_.sample(range(len(rows[0])), 2)
    rows[0][one], rows[0][two] = rows[0][two], rows[0][one]
    return written(good, rows, f"{rows[0][two]} and {rows[0][one]} changed places")


@of(CELLS)
def change_header(good, random_):
    rows = copied(good)
    at = random_.randrange(len(rows[0]))
    old = rows[0][at]
    change = random_.choice(
        [str.upper, str.title, lambda text: f"  {text} ", lambda text: text[:-1], lambda _: "",
         lambda text: text.replace("_", " "), lambda _: "x", lambda _: rows[0][at - 1],
         lambda text: text + "\n", lambda _: "2016", lambda text: text.replace("e", "е")]
    )  # fmt: skip
    rows[0][at] = change(old)
    return written(good, rows, f"header {old!r} is {rows[0][at]!r}")


@of(CELLS)
def header_row_gone(good, random_):
    return written(good, good.rows[1:], "no row of headers", is_wrong=True)


@of(CELLS)
def title_above(good, random_):
    title = ["Figures of the quarter", *[""] * (len(good.rows[0]) - 1)]
    return written(good, [title, *good.rows], "a title above the headers")


@of(CELLS)
def same_row_twice(good, random_):
    rows = copied(good)
    at = a_row(good, random_)
    rows.insert(random_.randrange(1, len(rows)), list(rows[at]))
    return written(good, rows, f"row {at + 1} twice")


@of(CELLS)
def row_twice_with_another_value(good, random_):
    rows = copied(good)
    place = good.column(random_.choice(good.values))
    at = with_value(rows, place, random_)
    again = list(rows[at])
    again[place] = "7" if again[place] != "7" else "8"
    rows.append(again)
    # Of a published file no map may cover the row, and then it says nothing.
    is_wrong = good.kind != "published"
    return written(good, rows, f"row {at + 1} again with {again[place]}", is_wrong=is_wrong)


@of(CELLS)
def rows_shuffled(good, random_):
    rows = good.rows[1:]
    random_.shuffle(rows)
    return written(good, [good.rows[0], *rows], "the rows in another order", is_same=True)


@of(CELLS)
def swap_cells(good, random_):
    rows = copied(good)
    at = a_row(good, random_)
    one, two = random_.sample(range(len(rows[0])), 2)
    rows[at][one], rows[at][two] = rows[at][two], rows[at][one]
    return written(good, rows, f"row {at + 1}: cells {one + 1} and {two + 1} changed places")


@of(CELLS)
def cell_too_many_or_too_few(good, random_):
    rows = copied(good)
    at, place = a_row(good, random_), random_.randrange(len(rows[0]))
    if random_.random() < 0.5:
        rows[at].insert(place, random_.choice(["", "7", "x"]))
    else:
        del rows[at][place]
    return written(good, rows, f"row {at + 1} has {len(rows[at])} cells")


# What is written in place of a number; none of it may be read as another number.
VALUES = [
    "46,5", "1,23", "1.234,5", "12,34,567", "1.2.3", "#VALUE!", "#REF!", "#N/A", "inf", "-inf",
    "NaN", "1e5", "1E5", "4.6E+01", "46%%", "%46", "４６", "٤٦", "–5", "—5", "−5", "5-", "-5",
    "(5)", "--5", "+5", "46 (c)", "46*", "c46", "46 c", "<5", "~46", "1_000", "0x1F", "1/2", "½",
    "46.", ".5", "4 6", "4\u00a06", "1 234", "'46", " 46 ", "46%", "£46", "46 per cent", "TRUE",
    "=1+1", "=HYPERLINK(\"x\")", "@SUM(1)", "+1+1", "31/03/2016", "2016-03-31", "9" * 15, "9" * 400,
    "0.0000001", "46.1234567", "00046", "", " ", "-", "..", "n/a", "hidden here", "nil", "４６.５",
    "46\u200b", "\ufeff46", "46\n", "46\t", "1,234", "1.234", "1,234,567.5", "12;5", "46\x07",
]  # fmt: skip


@of(CELLS)
def value(good, random_):
    rows = copied(good)
    place = good.column(random_.choice(good.values))
    at = with_value(rows, place, random_)
    old, rows[at][place] = rows[at][place], random_.choice(VALUES)
    return written(good, rows, f"row {at + 1}: {old!r} is {rows[at][place][:40]!r}")


@of(CELLS)
def another_number(good, random_):
    rows = copied(good)
    place = good.column(random_.choice(good.values))
    at = with_value(rows, place, random_)
    old, rows[at][place] = rows[at][place], str(random_.randint(0, 1000) / 10)
    return written(good, rows, f"row {at + 1}: {old!r} is {rows[at][place]!r}")


NAMES = [
    "", "x", "nowhere", "338", "3336", "E08000032", "E0800031", "WOLVERHAMPTON", " Wolverhampton ",
    "Wolverhamton", "Wolver\u00adhampton", "３３６", "0336", "336.0", "\u202e633", "'336", "=336",
]  # fmt: skip


@of(CELLS)
def area(good, random_):
    rows = copied(good)
    if good.area not in rows[0]:
        return nothing_at_all(good, random_)
    at, place = a_row(good, random_), good.column(good.area)
    rows[at][place] = random_.choice(NAMES)
    return written(good, rows, f"row {at + 1}: area {rows[at][place]!r}")


SERIES = [
    "", "looked-after-number", "looked-after-number.councl", "LOOKED-AFTER-NUMBER.COUNCIL",
    "sgo-made.council ", "sgo-made.council", "'sgo-made.council", "sgo\u2010made.council",
    "children-budget.council", "=sgo-made.council", "nothing", "x" * 5000,
]  # fmt: skip


@of(CELLS)
def series(good, random_):
    rows = copied(good)
    if "series" not in rows[0]:
        return swap_cells(good, random_)
    at, place = a_row(good, random_), good.column("series")
    rows[at][place] = random_.choice(SERIES)
    return written(good, rows, f"row {at + 1}: series {rows[at][place][:40]!r}")


PERIODS = [
    "", "30 February 2013", "31 June 2013", "2013/12", "2010/11", "2012-13", "Apr-13", "13-Apr",
    "April 2013", "2013", "March 2013", "31/3/2013", "3/31/2013", "03/04/2013", "31 March 13",
    "31 Mrach 2013", "Q1 2013/14", "2012/2013", "2012–13", "201213", "41364", "31 March 0001",
    "31 March 9999", "2030/31", "next year", "99/100", "0000/01", "9999/00", "x" * 90, "٢٠١٣",
    "2013-02-29", "2013-03-31", "2013-03-31 00:00:00", "2021", "202021",
]  # fmt: skip


@of(CELLS)
def period(good, random_):
    rows = copied(good)
    at, place = a_row(good, random_), good.column(good.period)
    rows[at][place] = random_.choice(PERIODS)
    return written(good, rows, f"row {at + 1}: period {rows[at][place]!r}")


@of(CELLS)
def days_of_the_period(good, random_):
    if "period_start" not in good.rows[0]:
        return period(good, random_)
    rows = copied(good)
    at, place = a_row(good, random_), good.column(random_.choice(["period_start", "period_end"]))
    rows[at][place] = random_.choice(["", "2013-02-30", "30/02/2013", "9999-12-31", "2013", "x"])
    return written(good, rows, f"row {at + 1}: day {rows[at][place]!r}")


@of(CELLS)
def value_and_symbol(good, random_):
    if "symbol" not in good.rows[0]:
        return value(good, random_)
    rows = copied(good)
    at, place = a_row(good, random_), good.column("symbol")
    rows[at][place] = random_.choice(
        ["suppressed", "c", "C", "low", "z", "*", "-", "x", "5", "not available", "supressed", "~"]
    )
    return written(good, rows, f"row {at + 1}: symbol {rows[at][place]!r}")


@of(CELLS)
def formula_in_a_note(good, random_):
    rows = copied(good)
    at, place = a_row(good, random_), len(rows[0]) - 1
    rows[at][place] = random_.choice(
        ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1", "'=1", "''=1"]
    )
    return written(good, rows, f"row {at + 1}: last cell {rows[at][place]!r}")


@of(CELLS)
def long_cell(good, random_):
    rows = copied(good)
    at, place = a_row(good, random_), random_.randrange(len(rows[0]))
    length = random_.choice([200_000, 10 * 1024 * 1024])
    rows[at][place] = random_.choice("x9=") * length
    return written(good, rows, f"row {at + 1}: a cell of {length:,} letters")


@of(CELLS)
def many_columns(good, random_):
    count = random_.choice([995, 1_001, 3_000])
    rows = [[*row, *[f"x{n}" for n in range(count)]] for row in good.rows]
    return Done(good.write(rows), f"{count:,} columns more")


@of(CELLS)
def blank_rows_and_columns(good, random_):
    rows = copied(good)
    rows.insert(random_.randrange(1, len(rows)), [""] * len(rows[0]))
    rows = [[*row, "", ""] for row in rows]
    return written(good, rows, "a blank row, and two blank columns", is_same=True)
