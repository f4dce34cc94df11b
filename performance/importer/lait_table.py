"""The rows of the Interactive Tool's long table, from its Parquet file or the same table in CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from performance.importer.file_kinds import refusal
from performance.importer.incoming import Source
from performance.importer.problems import LoadRefused

MEASURE, YEAR, AREA, VALUE = "Short Desc", "Years", "LA Number", "Values"
COLUMNS = (MEASURE, YEAR, AREA, VALUE)
# Parquet files begin so.
PARQUET = b"PAR1"
# Enough for the cost of a batch not to count, and little enough for its memory not to.
BATCH = 16_384

# Measure, year, area's number and value, as they stand there; a number is a float in Parquet.
Row = tuple[Any, Any, Any, Any]


def is_lait(headers: Sequence[str]) -> bool:
    """Whether these are the columns of the long table; it may have others beside them."""
    return {header.strip() for header in headers} >= set(COLUMNS)


def is_parquet(source: Source) -> bool:
    with source.open() as opened:
        return opened.read(len(PARQUET)) == PARQUET


def read_rows(source: Source) -> Iterator[list[Row]]:
    """The rows, in batches, so that the memory needed does not grow with the file.

    Raises LoadRefused where the file is not the long table, or is broken at some place.
    """
    return _read_parquet(source) if is_parquet(source) else _read_csv(source)


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


def _read_parquet(source: Source) -> Iterator[list[Row]]:
    pyarrow = _pyarrow(source)
    try:
        with source.open() as opened:
            file = pyarrow.parquet.ParquetFile(opened)
            _check_headers(source, file.schema_arrow.names)
            _check_types(source, pyarrow, file.schema_arrow)
            for batch in file.iter_batches(batch_size=BATCH, columns=list(COLUMNS)):
                columns = (batch.column(name).to_pylist() for name in COLUMNS)
                yield list(zip(*columns, strict=True))
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


def _read_csv(source: Source) -> Iterator[list[Row]]:
    with source.open() as opened:
        text = io.TextIOWrapper(opened, encoding="utf-8-sig", newline="")
        lines = csv.reader(text, strict=True)
        try:
            headers = [header.strip() for header in next(lines, [])]
            _check_headers(source, headers)
            yield from _read_lines(source, lines, headers)
        except UnicodeDecodeError as error:
            expected = "the text is not UTF-8: save it as “CSV UTF-8” and give that file"
            raise refusal(source.name, expected) from error
        except csv.Error as error:
            raise _broken_off(source, lines.line_num, f"not a row of CSV ({error})") from error


def _read_lines(source: Source, lines: Any, headers: Sequence[str]) -> Iterator[list[Row]]:
    width = len(headers)
    measure, year, area, value = (headers.index(name) for name in COLUMNS)
    batch: list[Row] = []
    for line in lines:
        if len(line) != width:
            raise _broken_off(source, lines.line_num, f"{width} cells were expected")
        batch.append((line[measure], line[year], line[area], line[value]))
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _broken_off(source: Source, line: int, expected: str) -> LoadRefused:
    return refusal(source.name, f"{expected}: was the file cut short?", line)


def _check_headers(source: Source, headers: Sequence[str]) -> None:
    if not is_lait(headers):
        missing = ", ".join(name for name in COLUMNS if name not in headers)
        expected = f"the Interactive Tool’s long table has a column {missing}: is this another?"
        raise refusal(source.name, expected, 1)
    for name in COLUMNS:
        if list(headers).count(name) > 1:
            raise refusal(source.name, "the column stands there twice: take one away", 1, name)
