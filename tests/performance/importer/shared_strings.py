"""Workbooks as Excel saves them: each text once, in a list of their own."""

import io
import re
import zipfile

TEXT = re.compile(rb't="inlineStr"><is>(<t[^>]*>.*?</t>|<t ?/>)</is>', re.S)
KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
RELATION = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
# A workbook is the same whenever it is made, so that a seed says which broken file is meant.
MADE = (2016, 10, 5, 12, 0, 0)
MADE_WORDS = b"2016-10-05T12:00:00Z"
WHEN = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_shared_strings(content: bytes) -> bytes:
    """The workbook of openpyxl, which writes texts into their cells, with a list of texts."""
    texts: dict[bytes, int] = {}

    def shared(found: re.Match[bytes]) -> bytes:
        return b't="s"><v>%d</v>' % texts.setdefault(found[1], len(texts))

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    for name in parts:
        if name.startswith("xl/worksheets/"):
            parts[name] = TEXT.sub(shared, parts[name])
    items = b"".join(b"<si>" + text + b"</si>" for text in texts)
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="' + SPACE + b'">' + items + b"</sst>"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + KIND + b'"/></Types>'
    relation = b'<Relationship Id="rId99" Type="' + RELATION + b'" Target="/xl/sharedStrings.xml"/>'
    for name, end, new in (
        ("[Content_Types].xml", b"</Types>", override),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", relation + b"</Relationships>"),
    ):
        assert end in parts[name]
        parts[name] = parts[name].replace(end, new)
    parts["docProps/core.xml"] = WHEN.sub(MADE_WORDS, parts["docProps/core.xml"])
    return packed_of(parts)


def packed_of(parts: dict[str, bytes]) -> bytes:
    """The zip that holds these parts, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, part in parts.items():
            made.writestr(zipfile.ZipInfo(name, MADE), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
