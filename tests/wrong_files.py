"""Makes one cell of a copied fixture wrong."""

import csv


def change(folder, name, column, value, row=2):
    """Writes `value` into the row that a spreadsheet numbers `row`."""
    path = folder / f"{name}.csv"
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    rows[row - 1][rows[0].index(column)] = value
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
