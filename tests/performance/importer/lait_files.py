"""Some of the Interactive Tool's measures, in a CSV and in Parquet, with their dictionary."""

import csv
import io
import lzma
from datetime import date
from pathlib import Path

from performance.importer.incoming import Source

FILES = Path(__file__).parent / "files"
PARQUET = Source("lait.parquet", path=FILES / "lait_excerpt.parquet")
CSV = Source("lait.csv", lzma.decompress((FILES / "lait_excerpt.csv.xz").read_bytes()))
DICTIONARY = Source(
    "dictionary.csv", lzma.decompress((FILES / "lait_dictionary_excerpt.csv.xz").read_bytes())
)
RELEASED = date(2026, 4, 8)
HEADERS = ["Short Desc", "Years", "LA Number", "Values"]


def made(*rows):
    """The long table in CSV, with these rows."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS, *rows])
    return Source("made.csv", text.getvalue().encode())
