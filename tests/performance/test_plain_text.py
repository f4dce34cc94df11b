"""What no workbook can hold, and what is made of it."""

import pytest

from performance.plain_text import as_plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Line one\x0bline two", "Line one\nline two"),
        ("Page one\x0cpage two", "Page one\npage two"),
        ("a\x01b\x08c\x0ed\x1fe\ufffef\uffffg\ud800h", "abcdefgh"),
        ("Line one\x85line two", "Line one\nline two"),
        ("a\x7fb\x84c\x86d\x9fe", "abcde"),
        ("a\tb\r\nc\nd é £ ’ 😀 \xa0", "a\tb\r\nc\nd é £ ’ 😀 \xa0"),
        # The forms say of it themselves that it is wrong.
        ("a\0b", "a\0b"),
    ],
)
def test_breaks_become_line_breaks_and_what_xml_cannot_hold_goes(typed, kept):
    assert as_plain(typed) == kept
