"""The rows of the Interactive Tool's long table, from its Parquet file or the same table in CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from types import ModuleType
from typing import Any

from performance.importer.file_kinds import refusal
from performance.importer.incoming import Source

MEASURE, YEAR, AREA, VALUE = "Short Desc", "Years", "LA Number", "Values"
COLUMNS = (MEASURE, YEAR, AREA, VALUE)
# Parquet files begin so.
PARQUET = b"PAR1"
# Enough for the cost of a batch not to count, and little enough for its memory not to.
BATCH = 16_384

# Cells as they stand there: an area's number is a float in Parquet, and text in CSV.
Row = tuple[Any, ...]


def is_lait(headers: Sequence[str]) -> bool:
    """Whether these are the columns of the long table; it may have others beside them."""
    return {header.strip() for header in headers} >= set(COLUMNS)


def is_parquet(source: Source) -> bool:
    with source.open() as opened:
        return opened.read(len(PARQUET)) == PARQUET


def read_rows(source: Source, columns: Sequence[str] = COLUMNS) -> Iterator[list[Row]]:
    """The cells of those columns of each row, in batches, so that memory does not grow.

    Raises LoadRefused where the file is not the long table, or is broken at some place.
    """
    return _read_parquet(source, columns) if is_parquet(source) else _read_csv(source, columns)


def _pyarrow(source: Source) -> ModuleType:
    try:
        import pyarrow.parquet
    except ImportError as error:
        expected = (
            "this is a Parquet file, which needs pyarrow to be read: install it beside the "
            "dashboard (pip install pyarrow), or give the same table as CSV"
        )
        raise refusal(source.name, expected) from error
    return pyarrow


def _read_parquet(source: Source, columns: Sequence[str]) -> Iterator[list[Row]]:
    pyarrow = _pyarrow(source)
    try:
        with source.open() as opened:
            file = pyarrow.parquet.ParquetFile(opened)
            _check_headers(source, file.schema_arrow.names)
            _check_types(source, pyarrow, file.schema_arrow)
            for batch in file.iter_batches(batch_size=BATCH, columns=list(columns)):
                cells = (batch.column(name).to_pylist() for name in columns)
                yield list(zip(*cells, strict=True))
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        said = str(error).partition("\n")[0]
        expected = f"the Parquet file is damaged or cut short ({said}): fetch it again"
        raise refusal(source.name, expected) from error


def _check_types(source: Source, pyarrow: ModuleType, schema: Any) -> None:
    """Values are text there: as numbers they would have lost the signs that stand for none."""
    for name in (MEASURE, YEAR, VALUE):
        kind = schema.field(name).type
        if not (pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)):
            expected = "a column of text was expected: give the file as the Department keeps it"
            raise refusal(source.name, expected, None, name, str(kind))


def _read_csv(source: Source, columns: Sequence[str]) -> Iterator[list[Row]]:
    with source.open() as opened:
        text = io.TextIOWrapper(opened, encoding="utf-8-sig", newline="")
        lines = csv.reader(text, strict=True)
        try:
            headers = [header.strip() for header in next(lines, [])]
            _check_headers(source, headers)
            pick = itemgetter(*(headers.index(name) for name in columns))
            yield from _in_batches(map(pick, _of_width(source, lines, len(headers))))
        except UnicodeDecodeError as error:
            expected = "the text is not UTF-8: save it as “CSV UTF-8” and give that file"
            raise refusal(source.name, expected) from error
        except csv.Error as error:
            expected = f"this is not a row of CSV ({error}): was the file cut short?"
            raise refusal(source.name, expected, lines.line_num) from error


def _of_width(source: Source, lines: Iterable[list[str]], width: int) -> Iterator[list[str]]:
    for row, line in enumerate(lines, start=2):
        if not line:
            continue
        if len(line) != width:
            expected = f"{width} cells were expected, as in row 1: was the file cut short?"
            raise refusal(source.name, expected, row)
        yield line


def _in_batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Of tuples: as many lists would keep the garbage collector at work."""
    while batch := list(islice(rows, BATCH)):
        yield batch


def _check_headers(source: Source, headers: Sequence[str]) -> None:
    if not is_lait(headers):
        missing = ", ".join(name for name in COLUMNS if name not in headers)
        expected = f"the Interactive Tool’s long table has a column {missing}: is this another?"
        raise refusal(source.name, expected, 1)
    for name in COLUMNS:
        if list(headers).count(name) > 1:
            raise refusal(source.name, "the column stands there twice: take one away", 1, name)
