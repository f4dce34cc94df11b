"""The picture of the biggest movements, and the table that says the same."""

import re
from decimal import Decimal

import pytest

from performance.charts import Movement, Movements, make_chart_view

NASTY = '<b onclick="x()">'


def moved(last, new, **words):
    given = {"label": "Children in care", "about": "Our council", "unit": "children",
             "last_period": "June 2016", "period": "September 2016"}  # fmt: skip
    return Movement(last=Decimal(last), new=Decimal(new), **(given | words))


def drawn(*rows):
    return Movements("Movements", "One moves most.", rows)


def circles(svg):
    """The middle and the fill of each dot, in the order drawn: last and new of each row."""
    found = re.findall(r'<circle cx="([\d.]+)"[^>]*fill="([^"]+)"', svg)
    return [(float(x), fill) for x, fill in found]


@pytest.mark.parametrize(
    ("last", "new", "said"),
    [
        ("638", "6550", "+5,912 (+927%)"), ("100", "108.5", "+8.5 (+8.5%)"),
        ("9", "12", "+3 (+33%)"), ("43.5", "4", "−39.5 (−91%)"), ("5", "5", "no change"),
        ("5", "0", "−5 (−100%)"), ("-10", "-5", "+5 (+50%)"),
        ("1", "13000", "+12,999 (+1,299,900%)"),
    ],
)  # fmt: skip
def test_a_number_moves_by_a_number_and_in_percent(last, new, said):
    assert moved(last, new).change == said


@pytest.mark.parametrize(
    ("last", "new", "said"),
    [("46", "52", "+6 points"), ("43.5", "4", "−39.5 points"), ("7", "6", "−1 point"),
     ("0", "3", "+3 points"), ("5", "5", "no change")],
)  # fmt: skip
def test_a_percentage_moves_in_points(last, new, said):
    row = moved(last, new, unit="%")
    assert row.change == said
    assert row.extent == Decimal(new) - Decimal(last)


def test_a_revised_figure_says_so():
    row = moved(46, 49, unit="%", is_revised=True)
    assert row.values == "46% → 49%, revised"
    assert "46% → 49%, revised" in drawn(row).svg()


@pytest.mark.parametrize("width", [760, 343])
def test_dots_stand_in_proportion_to_their_percent(width):
    svg = drawn(moved(100, 150), moved(10, 5), moved(200, 250)).svg(width)
    places = [x for x, _ in circles(svg)]
    zero = places[0]
    assert places[::2] == [zero] * 3
    half_up, half_down, quarter_up = (place - zero for place in places[1::2])
    assert half_up == pytest.approx(-half_down, abs=0.2)
    assert quarter_up == pytest.approx(half_up / 2, abs=0.2)
    assert [fill for _, fill in circles(svg)] == ["#ffffff", circles(svg)[1][1]] * 3


@pytest.mark.parametrize("width", [760, 343])
def test_what_is_too_far_goes_over_the_edge_and_its_number_tells(width):
    svg = drawn(moved(10, 500), moved(10, 15)).svg(width)
    # The one that is cut has no dot of its own at a place where its figure is not.
    assert len(circles(svg)) == 3
    assert "stroke-dasharray" in svg
    assert "+490 (+4,900%)" in svg


@pytest.mark.parametrize("width", [760, 343])
def test_everything_stays_in_the_picture(width):
    long = "A name of an indicator that is rather long, as many of them are, and then longer"
    rows = [moved(10, new, label=long) for new in ("0", "10", "29", "31", "99999")]
    svg = drawn(*rows, moved(7, 9)).svg(width)
    tall = float(re.search(r'viewBox="0 0 \S+ (\S+)"', svg)[1])
    for name, most in (("x", width), ("cx", width), ("x2", width), ("y", tall), ("cy", tall)):
        places = [float(one) for one in re.findall(rf' {name}="(-?[\d.]+)"', svg)]
        assert places
        assert 0 <= min(places) <= max(places) <= most


def test_table_says_what_the_picture_shows():
    row = moved("43.5", "4", unit="%", why="less than a tenth of the last figure")
    table = drawn(row).table()
    assert [cell.text for cell in table.rows[0]] == [
        "Children in care, Our council", "43.5% (June 2016)", "4% (September 2016)", "−39.5 points",
        "less than a tenth of the last figure",
    ]  # fmt: skip
    assert len(table.rows[0]) == len(table.headers)
    assert "43.5% → 4%" in drawn(row).svg()


def test_no_row_is_said_so():
    assert "No figure" in drawn().svg()


def test_words_are_not_markup():
    nasty = {"label": NASTY, "about": NASTY, "unit": NASTY, "period": NASTY, "last_period": NASTY}
    view = make_chart_view("movements", drawn(moved(1, 2, **nasty)))
    assert NASTY not in view.svg_wide + view.svg_narrow
    assert 'aria-hidden="true"' in view.svg_wide
    assert view.figure is None
