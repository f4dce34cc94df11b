"""Copies the fixtures, and makes one cell of a copy wrong."""

import csv
import shutil

from tests.conftest import FIXTURES, NATIONAL


def copy_fixtures(folder):
    """Both folders in one, as one council might keep them: the council's rows stand first, and
    take the place of a national row of the same code."""
    folder.mkdir()
    for path in [*NATIONAL.glob("*.csv"), *FIXTURES.glob("*.csv")]:
        shutil.copy(path, folder)
    for name in ("indicators.csv", "series.csv"):
        rows = {}
        for source in (FIXTURES, NATIONAL):
            with (source / name).open(newline="") as file:
                for row in csv.DictReader(file):
                    rows.setdefault(row["code"], row)
        with (folder / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, list(row))
            writer.writeheader()
            writer.writerows(rows.values())
    return folder


def change(folder, name, column, value, row=2):
    """Writes `value` into the row that a spreadsheet numbers `row`."""
    path = folder / f"{name}.csv"
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
