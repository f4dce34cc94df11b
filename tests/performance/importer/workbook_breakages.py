"""What can be wrong with the zip and the XML that a workbook is made of."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tests.performance.importer.breakages import Done, Mutation, of, splice
from tests.performance.importer.shared_strings import MADE, packed_of

PARTS: dict[str, Mutation] = {}
SHEET, TYPES, BOOK = "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/workbook.xml"
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The workbook with its parts changed, and every checksum right again."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    change(parts)
    return packed_of(parts)


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.namelist()


def replaced(good, name: str, old: bytes, new: bytes, what: str, **said: bool) -> Done:
    """The workbook with the first `old` of a part, a pattern, replaced."""

    def change(parts):
        assert re.search(old, parts[name]), (name, old)
        parts[name] = re.sub(old, new, parts[name], count=1)

    return Done(repacked(good.content, change), what, **said)


@of(PARTS)
def drop_a_part(good, random_):
    name = random_.choice(names(good.content))
    return Done(repacked(good.content, lambda parts: parts.pop(name)), f"{name} is gone")


@of(PARTS)
def rename_a_part(good, random_):
    name = random_.choice(names(good.content))
    new = random_.choice([name.upper(), f"../{name}", f"/{name}", f"{name}x", name[:-1] + "é"])

    def change(parts):
        parts[new] = parts.pop(name)

    return Done(repacked(good.content, change), f"{name} is called {new}")


@of(PARTS)
def empty_or_cut_part(good, random_):
    name = random_.choice([SHEET, TYPES, BOOK, STRINGS, STYLES])

    def change(parts):
        parts[name] = parts[name][: random_.randrange(len(parts[name]))]

    return Done(repacked(good.content, change), f"{name} is cut, with a checksum that holds")


@of(PARTS)
def same_part_twice(good, random_):
    name = random_.choice([SHEET, STRINGS, BOOK])
    out = io.BytesIO(good.content)
    with zipfile.ZipFile(io.BytesIO(good.content)) as packed:
        part = packed.read(name).replace(b"781", b"999")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "a") as made:
            made.writestr(zipfile.ZipInfo(name, MADE), part, zipfile.ZIP_DEFLATED)
    return Done(out.getvalue(), f"{name} is there twice", is_wrong=True)


@of(PARTS)
def wrong_checksum(good, random_):
    """The list of parts says another checksum than the part has."""
    content = good.content
    places = [found.start() for found in re.finditer(b"PK\x01\x02", content)]
    at = random_.choice(places) + 16
    crc = struct.unpack("<I", content[at : at + 4])[0] ^ 1
    return Done(
        splice(content, at, struct.pack("<I", crc), 4), "a checksum is wrong", is_wrong=True
    )


@of(PARTS)
def encrypted_flag(good, random_):
    content = bytearray(good.content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(mark), good.content):
            content[found.start() + place] |= 1
    return Done(bytes(content), "every part says that it is locked", is_wrong=True)


@of(PARTS)
def another_method(good, random_):
    content = bytearray(good.content)
    method = random_.choice([1, 9, 12, 14, 99])
    for found in re.finditer(b"PK\x01\x02", good.content):
        content[found.start() + 10] = method
    return Done(bytes(content), f"packed by method {method}", is_wrong=True)


@of(PARTS)
def bomb(good, random_):
    def change(parts):
        at = parts[SHEET].index(b"<sheetData>")
        filler = b" " * (30 * 1024 * 1024)
        parts[random_.choice([SHEET, "xl/media/x.bin"])] = splice(parts[SHEET], at, filler)

    return Done(
        repacked(good.content, change), "a part that unpacks a thousand times", is_wrong=True
    )


@of(PARTS)
def macros(good, random_):
    name = random_.choice(["xl/vbaProject.bin", "XL/VBAPROJECT.BIN", "xl/_vbaProjectSignature.bin"])

    def change(parts):
        parts[name] = b"\xd0\xcf\x11\xe0"

    return Done(repacked(good.content, change), f"holds {name}", is_wrong=True)


@of(PARTS)
def content_types(good, random_):
    new = random_.choice(
        [b"application/vnd.ms-excel.sheet.macroEnabled.main+xml", b"text/plain", b"",
         b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"]
    )  # fmt: skip
    old = rb"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet\.main\+xml"
    return replaced(good, TYPES, old, new, f"the workbook's type is {new!r}")


@of(PARTS)
def entities(good, random_):
    """Entities that grow, or that fetch a file, in the part that holds the figures or the words."""
    declared = random_.choice([BOMB, OUTSIDE])
    name = random_.choice([SHEET, STRINGS, BOOK])

    def change(parts):
        part = re.sub(rb"^<\?xml[^>]*\?>", b"", parts[name])
        part = re.sub(rb"(<t[^>]*>|<v>)", rb"\1&a;", part, count=1)
        before = random_.choice([b"", b" " * 70_000, b"<!--" + b"x" * 70_000 + b"-->"])
        parts[name] = before + declared + part

    return Done(repacked(good.content, change), f"{name} declares entities", is_wrong=True)


@of(PARTS)
def entities_in_another_encoding(good, random_):
    name = random_.choice([SHEET, STRINGS])

    def change(parts):
        part = re.sub(rb"^<\?xml[^>]*\?>", b"", parts[name])
        part = re.sub(rb"(<t[^>]*>|<v>)", rb"\1&a;", part, count=1)
        parts[name] = (BOMB + part).decode().encode("utf-16")

    return Done(
        repacked(good.content, change), f"{name} in UTF-16 declares entities", is_wrong=True
    )


@of(PARTS)
def broken_xml(good, random_):
    name = random_.choice([SHEET, STRINGS, BOOK, STYLES])
    new = random_.choice([b"<", b"&", b"</x>", b"\x00", b"\xff", b"<x>", b"&nbsp;", b"<![CDATA["])

    def change(parts):
        at = random_.randrange(60, len(parts[name]))
        parts[name] = splice(parts[name], at, new)

    return Done(repacked(good.content, change), f"{new!r} in {name}")


@of(PARTS)
def formula_without_result(good, random_):
    return replaced(
        good, SHEET, rb'(<c r="D[0-9]+"[^>]*>)<v>[^<]*</v>', rb"\1<f>700+81</f><v></v>",
        "a formula without its result", is_wrong=True,
    )  # fmt: skip


@of(PARTS)
def formula_with_result(good, random_):
    done = replaced(
        good, SHEET, rb'(<c r="D[0-9]+"[^>]*>)<v>', rb"\1<f>1+1</f><v>", "a formula and its result"
    )
    return done._replace(rows=good.rows, is_same=True)


@of(PARTS)
def number_of_a_cell(good, random_):
    new = random_.choice(
        [
            b"1e999",
            b"NaN",
            b"inf",
            b"",
            b"1,5",
            b"0x10",
            b"-",
            b"1e5 x",
            b"&lt;",
            b"1.2.3",
            b"1_000",
        ]
    )
    pattern = rb'(<c r="D[0-9]+"[^>]*t="n"[^>]*>)<v>[^<]*</v>'
    what = f"a number is written {new!r}"
    return replaced(good, SHEET, pattern, rb"\1<v>" + new + b"</v>", what, is_wrong=True)


@of(PARTS)
def error_in_a_cell(good, random_):
    new = random_.choice([b"#VALUE!", b"#REF!", b"#DIV/0!", b"#N/A", b"#NAME?", b"#SPILL!"])
    pattern = rb'<c r="(D[0-9]+)"[^>]*><v>[^<]*</v>'
    cell = rb'<c r="\1" t="e"><v>' + new + b"</v>"
    return replaced(good, SHEET, pattern, cell, f"the cell is {new!r}", is_wrong=True)


@of(PARTS)
def type_of_a_cell(good, random_):
    new = random_.choice([b"b", b"s", b"d", b"str", b"inlineStr", b"x", b"e"])
    pattern = rb'(<c r="D[0-9]+"[^>]*)t="n"([^>]*>)<v>'
    what = f"a number says that it is of type {new!r}"
    done = replaced(good, SHEET, pattern, rb'\1t="' + new + rb'"\2<v>', what)
    return done if new == b"str" else done._replace(is_wrong=True)


@of(PARTS)
def place_of_a_cell(good, random_):
    new = random_.choice([b"D1048577", b"XFE3", b"D1", b"A1", b"d3", b"D03", b"ZZZZ3", b"", b"3D"])
    what = f"a cell says that it stands at {new!r}"
    return replaced(good, SHEET, rb'<c r="D3"', b'<c r="' + new + b'"', what, is_wrong=True)


@of(PARTS)
def place_of_a_row(good, random_):
    new = random_.choice([b"1", b"2", b"0", b"-1", b"x", b"99999999", b"1048577", b""])
    what = f"a row says that it is {new!r}"
    return replaced(good, SHEET, rb'<row r="4"', b'<row r="' + new + b'"', what, is_wrong=True)


@of(PARTS)
def string_that_is_not_there(good, random_):
    new = random_.choice([b"99999", b"-1", b"x", b"1.5"])
    pattern = rb'(<c r="A3"[^>]*t="s"[^>]*>)<v>[^<]*</v>'
    what = f"a text is number {new!r} of the list"
    return replaced(good, SHEET, pattern, rb"\1<v>" + new + b"</v>", what, is_wrong=True)


@of(PARTS)
def merged_cells(good, random_):
    new = random_.choice([b"A3:B3", b"D4:D6", b"A3", b"", b"D3:E2", b"XX"])
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="' + new + b'"/></mergeCells>'

    def change(parts):
        part = re.sub(rb"<mergeCells.*?</mergeCells>", b"", parts[SHEET])
        parts[SHEET] = part.replace(b"</sheetData>", merged)

    return Done(repacked(good.content, change), f"{new!r} is merged", is_wrong=True)


@of(PARTS)
def format_of_the_numbers(good, random_):
    """Every cell in a format that shows its number in another way than it is held."""
    new = random_.choice([b"0%", b'0.0,"k"', b";;;", b"h:mm", b"yyyy", b"[&gt;1]0;0%", b"0.00E+00"])

    def change(parts):
        number = (
            b'<numFmts count="1"><numFmt numFmtId="200" formatCode="'
            + new.replace(b'"', b"&quot;")
            + b'"/></numFmts>'
        )
        styles = re.sub(rb"<numFmts.*?</numFmts>|<numFmts[^>]*/>", b"", parts[STYLES])
        styles = re.sub(rb"(<styleSheet[^>]*>)", rb"\1" + number, styles)
        parts[STYLES] = re.sub(rb'numFmtId="[0-9]+" fontId', b'numFmtId="200" fontId', styles)

    done = Done(repacked(good.content, change), f"every cell is shown as {new!r}")
    if new != b"0.00E+00":
        return done._replace(is_wrong=True)
    return done._replace(rows=[list(map(without_its_format, row)) for row in good.rows])


def without_its_format(text: str) -> str:
    """The number that a cell holds whose format no longer shows a percentage or a day."""
    if re.fullmatch(r"[0-9.]+%", text):
        return str(Decimal(text[:-1]) / 100)
    if re.fullmatch("20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
        return str((date.fromisoformat(text) - date(1899, 12, 30)).days)
    return text


@of(PARTS)
def sheet_states(good, random_):
    state = random_.choice([b"hidden", b"veryHidden", b"x"])
    return replaced(good, BOOK, rb'state="visible"', b'state="' + state + b'"', f"sheet {state!r}")


@of(PARTS)
def strings_of_the_list(good, random_):
    """A name or a header in the list of texts is another."""
    old, new = random_.choice(
        [(b">value<", b">values<"), (b">series<", b"><"), (b">Wolverhampton<", b">Wolverhamton<"),
         (b">period<", b">peri\xc3\xb6d<"), (b">sgo-made.council<", b">sgo-made<")]
    )  # fmt: skip
    return replaced(good, STRINGS, old, new, f"{old!r} is {new!r}", is_wrong=True)
