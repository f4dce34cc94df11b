"""What can be told of script/bench without a clock."""

from datetime import date
from decimal import Decimal

import pyarrow
import pyarrow.parquet
import pytest
from django.urls import clear_url_caches
from measuring import budgets, data, lait, pages
from measuring.budgets import Column, Figure
from measuring.pages import Page
from measuring.periods import date_spellings, read_period

from improvement.models import Evidence
from performance.models import Indicator, Measurement, Target

SESSION = 'SELECT "django_session"."session_key" FROM "django_session" WHERE 1'
PERSON = 'SELECT "dashboard_user"."id" FROM "dashboard_user" WHERE 1'
PERMISSION = 'SELECT "x"."codename" FROM "auth_permission" INNER JOIN "django_content_type" ON 1'
OWN = 'SELECT "performance_area"."id" FROM "performance_area"'


def test_session_person_and_permissions_are_not_the_pages_own():
    assert budgets.count_beyond([SESSION, PERSON, PERMISSION, PERMISSION, OWN, OWN]) == 2
    assert budgets.count_beyond([]) == 0


def test_a_second_look_at_people_or_permissions_is_the_pages_own():
    assert budgets.count_beyond([PERSON, PERSON, *[PERMISSION] * 4, SESSION, SESSION]) == 4


def test_a_statement_that_reads_no_table_or_writes_is_the_pages_own():
    assert budgets.count_beyond(["SAVEPOINT x", 'UPDATE "django_session" SET x = 1']) == 2


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (Figure(12, at_most=12), "12 ok"),
        (Figure(13, at_most=12), "13 OVER"),
        (Figure(2.004, at_most=2, decimals=2), "2.00 OVER"),
        (Figure(11, same_as=11), "11 ok"),
        (Figure(10, same_as=11), "10 OVER"),
        (Figure(31.4), "31"),
    ],
)
def test_a_figure_says_how_it_stands(figure, said):
    assert str(figure) == said
    assert figure.is_over is said.endswith("OVER")


def test_ratio_is_of_medians_so_that_one_slow_request_changes_nothing():
    assert budgets.ratio([2, 2, 90], [1, 1, 1]) == 2
    assert budgets.ratio([3, 5], [2, 2]) == 2


COLUMNS = [
    Column("SQL ≤ 12", {"plan": Figure(6, 12), "theme": Figure(14, 12)}),
    Column("LAIT", {"plan": Figure(1.2, 1.3, decimals=1)}),
]


def test_the_table_has_a_line_for_each_page_and_a_dash_for_no_figure():
    assert budgets.print_table(COLUMNS) == [
        "page   SQL ≤ 12    LAIT",
        "plan       6 ok  1.2 ok",
        "theme   14 OVER       –",
    ]


def test_what_is_over_is_listed_with_its_budget():
    assert budgets.list_over(COLUMNS) == ["theme: SQL ≤ 12 is 14"]


def test_pages_are_chosen_by_name_and_by_address():
    every = [Page("overview", "/", 18), Page("plan", "/plan/")]
    assert pages.choose_pages(every, []) == every
    assert pages.choose_pages(every, ["plan", "/glossary/"]) == [
        Page("plan", "/plan/", 12),
        Page("/glossary/", "/glossary/", 12),
    ]
    with pytest.raises(ValueError, match=r"no page “paln”: .* overview, plan"):
        pages.choose_pages(every, ["paln"])


def test_assets_are_what_the_page_fetches_at_once():
    html = (
        '<link rel="icon" href="/static/i.svg"><link rel="stylesheet" href="a.css">'
        '<link rel="canonical" href="/other/"><script src="/c.js" data-plotly="/p.js"></script>'
        '<script type="application/json">{}</script><img alt="" src="data:,"><a href="/x">x</a>'
    )
    assert pages.find_assets(html, "/plan/") == {"/static/i.svg", "/plan/a.css", "/c.js"}


@pytest.mark.django_db
def test_a_query_count_agrees_with_the_database(councillor):
    assert pages.count_queries(councillor, "/glossary/") == 0
    assert pages.count_queries(councillor, "/about-the-data/") > 0
    with pytest.raises(ValueError, match="/nowhere/ answers 404"):
        pages.count_queries(councillor, "/nowhere/")


@pytest.mark.django_db
def test_every_kind_of_page_is_found(councillor):
    found = {page.name: page.address for page in pages.find_pages(councillor)}
    assert found["overview"] == "/"
    assert found["judgement"].startswith("/judgements/")
    assert found["action"].startswith("/plan/actions/")


@pytest.mark.django_db
def test_the_yardstick_lists_fifty_measurements(admin_client, settings):
    settings.ROOT_URLCONF = "measuring.urls"
    clear_url_caches()
    from measuring.urls import YARDSTICK

    response = admin_client.get(YARDSTICK)
    assert len(response.context["cl"].result_list) == 50


@pytest.mark.parametrize(
    ("spelling", "start", "end"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2025 (Rev)", date(2025, 1, 1), date(2025, 12, 31)),
        ("2016-17", date(2016, 4, 1), date(2017, 3, 31)),
        ("2016/17", date(2016, 4, 1), date(2017, 3, 31)),
        ("2016-17 (OT)", date(2016, 4, 1), date(2017, 3, 31)),
        ("1999/00", date(1999, 4, 1), date(2000, 3, 31)),
        ("2014-16", date(2014, 1, 1), date(2016, 12, 31)),
        ("2013/14-15/16", date(2013, 4, 1), date(2016, 3, 31)),
    ],
)
def test_years_are_read_as_the_tool_spells_them(spelling, start, end):
    assert read_period(spelling) == (start, end)


@pytest.mark.parametrize("spelling", ["0", "", "-", "2016-16", "about 2016", "16/17"])
def test_a_spelling_without_a_year_is_not_dated(spelling):
    assert read_period(spelling) is None


def test_what_cannot_be_dated_or_falls_on_the_same_days_gets_a_day_of_its_own():
    dated = date_spellings(["2016", "0", "2016 (Rev)", "n/k"])
    assert dated["2016"] == (date(2016, 1, 1), date(2016, 12, 31))
    assert len(set(dated.values())) == 4
    assert {start.year for start, _ in dated.values()} == {2016, 1900}


@pytest.mark.django_db
def test_every_row_of_the_tool_becomes_a_figure_outside_the_panels_set(tmp_path):
    rows = {
        "Short Desc": ["LAC_a", "LAC_A", "LAC_A", "LAC_A"],
        "Years": ["2016", "2016", "2016-17 (OT)", "0"],
        "LA Number": [336.0, 336.0, 336.0, 970.0],
        "Values": ["9.3699999999999992", "-", "1.5E-2", "-3"],
    }
    pyarrow.parquet.write_table(pyarrow.table(rows), tmp_path / "tool.parquet")
    assert lait._load_rows(lait.read_rows(str(tmp_path / "tool.parquet")), "tool.parquet") == 4
    held = Measurement.objects.filter(series__code__startswith="lait-")
    assert sorted(held.exclude(value=None).values_list("value", flat=True)) == [
        Decimal("-3"),
        Decimal("0.015"),
        Decimal("9.37"),
    ]
    assert held.get(value=None).symbol == "not_available"
    assert held.get(is_undated=True).period_label == "0"
    assert not Indicator.objects.filter(code__startswith="lait-", in_panel_set=True).exists()


@pytest.mark.django_db
def test_added_indicators_fill_the_panels_set_and_are_marked_as_made_up(monkeypatch):
    monkeypatch.setattr(data, "put_in_order", lambda: None)
    added = data.add_indicators()
    assert Indicator.objects.filter(in_panel_set=True).count() == data.PANEL_SET
    made = Measurement.objects.filter(note=data.NOTE)
    assert made.values("series").distinct().count() == added
    assert made.values("area").distinct().count() > 150
    assert Target.objects.filter(basis=data.NOTE).count() == added
    assert Evidence.objects.filter(indicator__code__startswith="measuring-").count() == added
