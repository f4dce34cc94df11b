"""What we write in our own layout: it is safe to open, and it loads back unchanged."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from performance.importer.figures import FLAGS
from performance.importer.formula_guard import guard, unguard
from performance.importer.incoming import Source
from performance.importer.own_cells import FLAG_LETTERS
from performance.importer.own_export import (
    EXPORT_COLUMNS,
    TEMPLATE_COLUMNS,
    as_csv,
    as_workbook,
    next_period,
    reported_series,
    write_export,
    write_template,
)
from performance.importer.own_layout import is_own_layout, read_own_layout
from performance.models import Area, Measurement, Series
from tests.conftest import position_on

pytestmark = pytest.mark.django_db

NOW = position_on(2026, 6, 30)
OPENED = position_on(2016, 10, 5)
TEMPLATE, WORKBOOK = "/performance/loads/template.csv", "/performance/loads/template.xlsx"
EXPORT = "/performance/loads/figures.csv"
OTHERS = ["councillor", "chair", "officer", "theme-lead", "director", "scrutiny-officer"]


@pytest.fixture
def council():
    return Area.objects.get(code="336")


def read(content):
    reading = read_own_layout(Source("q.csv", content))
    found = list(reading.figures)
    assert list(map(str, reading.problems)) == []
    return reading, found


def key_of(row):
    return row.series_id, row.period_start, row.period_end


def facts_of(row):
    flags = "".join(FLAG_LETTERS[words] for words, field in FLAGS.items() if getattr(row, field))
    return (row.period_label, row.value, row.symbol, row.numerator, row.denominator, row.note,
            flags)  # fmt: skip


def lines(rows):
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("position", [OPENED, NOW])
def test_every_figure_of_the_demonstration_loads_back_unchanged(council, position):
    on_record = {key_of(row): facts_of(row)
                 for row in Measurement.objects.at(position).filter(area=council)}  # fmt: skip
    assert len(on_record) > 80
    reading, found = read(as_csv(write_export(position, council)))
    back = {
        (figure.series, figure.period.start, figure.period.end): (
            figure.period.label, figure.value, figure.symbol, figure.numerator,
            figure.denominator, figure.note, figure.flags,
        )
        for figure in found
    }  # fmt: skip
    assert len(found) + reading.kept_hidden == len(on_record)
    assert back == {key: on_record[key] for key in back}
    assert {figure.area for figure in found} == {council.pk}


def test_every_area_loads_back():
    for area in Area.objects.filter(code__in=["970", "330", "201"]):
        rows = write_export(NOW, area)
        reading, found = read(as_csv(rows))
        assert len(rows) - 1 == len(found) + reading.kept_hidden > 0


def test_a_workbook_of_the_export_loads_back_as_the_csv_does(council):
    rows = write_export(OPENED, council)
    by_text = read(as_csv(rows))[1]
    by_cells = read(as_workbook(rows))[1]
    assert [f._replace(text="") for f in by_cells] == [f._replace(text="") for f in by_text]


def hide_small_numbers(code):
    series = Series.objects.get(code=code)
    series.indicator.counts_children = True
    series.indicator.save()
    Series.objects.filter(pk=series.pk).update(suppression="local_threshold", threshold=5)
    return series


def test_a_hidden_figure_says_so_and_nothing_else(council):
    series = hide_small_numbers("placed-at-home-ico.council")
    [line] = [line for line in lines(write_export(OPENED, council))
              if line["series"] == series.code]  # fmt: skip
    assert line["value"] == "hidden here"
    assert [line[name] for name in ("symbol", "numerator", "denominator", "flags", "note")] == (
        [""] * 5
    )
    reading, found = read(as_csv(write_export(OPENED, council)))
    assert reading.kept_hidden == 1
    assert series.pk not in {figure.series for figure in found}


def test_what_a_spreadsheet_would_compute_is_guarded_and_read_back(council):
    row = Measurement.objects.current().get(series__code="adopters-approved.council",
                                            period_label="2015/16")  # fmt: skip
    Measurement.objects.filter(pk=row.pk).update(note="=HYPERLINK(1)", period_label="+2015/16")
    rows = write_export(OPENED, council)
    [line] = [line for line in lines(rows) if "HYPERLINK" in line["note"]]
    assert (line["note"], line["period"]) == ("'=HYPERLINK(1)", "'+2015/16")
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(rows)))
    assert not [cell for cells in book.active for cell in cells if cell.data_type == "f"]
    [figure] = [f for f in read(as_csv(rows))[1] if f.note and "HYPERLINK" in f.note]
    assert (figure.note, figure.period.label) == ("=HYPERLINK(1)", "+2015/16")


@given(st.text(st.sampled_from("'=+-@\t a1"), max_size=6))
def test_the_guard_is_taken_away_exactly(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t"))


def template():
    return lines(write_template(reported_series(), Area.objects.get(code="336"), OPENED))


def test_the_template_has_what_the_council_reports_and_its_last_figures():
    made = {line["series"]: line for line in template()}
    assert not [code for code in made if ".dfe" in code or ".ofsted" in code]
    assert "looked-after-number.council" in made
    in_set = Series.objects.filter(indicator__in_panel_set=True, code__in=made)
    assert in_set.count() == len(made)
    line = made["persistent-absence.council"]
    assert (line["last_period"], line["last_value"], line["period"]) == (
        "2014/15", "3.7", "2015/16"
    )  # fmt: skip
    assert (line["value"], line["symbol"], line["note"]) == ("", "", "")
    assert made["return-interviews-72-hours.council"]["period"] == "August 2016"
    assert made["adopters-approved.council"]["period"] == "April to September 2016"
    assert made["looked-after-number.council"]["period"] == ""
    assert made["ks4-attainment.council"]["period"] == "2015/16"


def test_the_template_hides_what_pages_hide():
    hide_small_numbers("placed-at-home.council")
    Measurement.objects.filter(series__code="placed-at-home.council").update(value=3)
    [line] = [line for line in template() if line["series"] == "placed-at-home.council"]
    assert line["last_value"] == "hidden here"


def test_a_template_that_was_filled_in_loads():
    rows = write_template(reported_series(), Area.objects.get(code="336"), OPENED)
    at = {name: place for place, name in enumerate(TEMPLATE_COLUMNS)}
    for row in rows[1:]:
        row[at["value"]] = "1"
        row[at["period"]] = row[at["period"]] or "5 October 2016"
    by_year = Series.objects.exclude(periods__contains="day").values_list("code", flat=True)
    # A day does not fit those, and theirs is not known after a figure without a date.
    rows = [
        row
        for row in rows
        if row[at["period"]] != "5 October 2016" or row[at["series"]] not in by_year
    ]
    assert len(rows) > 15
    for content in (as_csv(rows), as_workbook(rows)):
        assert len(read(content)[1]) == len(rows) - 1


@pytest.mark.parametrize(
    ("kind_of_figure", "periods", "start", "end", "following"),
    [
        ("in_period", "month", (2016, 12, 1), (2016, 12, 31), "January 2017"),
        ("in_period", "quarter", (2016, 1, 1), (2016, 3, 31), "Q1 2016/17"),
        ("in_period", "calendar year", (2015, 1, 1), (2015, 12, 31), "2016"),
        # Not over on the day, and refused then.
        ("in_period", "calendar year", (2016, 1, 1), (2016, 12, 31), ""),
        ("on_a_day", "day", (2016, 3, 31), (2016, 3, 31), ""),
        ("year_to_date", "financial year; other", (2016, 4, 1), (2017, 2, 28), "2016/17"),
        ("year_to_date", "financial year; other", (2016, 4, 1), (2017, 3, 31), ""),
        ("year_to_date", "financial year; other", (2016, 4, 1), (2016, 6, 15), ""),
        ("rolling", "financial year", (2016, 4, 1), (2017, 3, 31), ""),
    ],
)
def test_the_next_period_follows_the_last(kind_of_figure, periods, start, end, following):
    series = Series(kind_of_figure=kind_of_figure, periods=periods)
    last = Measurement(period_start=date(*start), period_end=date(*end))
    assert next_period(series, last, date(2017, 5, 1)) == following
    assert next_period(series, Measurement(is_undated=True), date(2017, 5, 1)) == ""


@pytest.mark.parametrize(
    ("periods", "on", "latest"),
    [
        ("month", date(2017, 1, 15), "December 2016"),
        ("quarter", date(2017, 1, 15), "Q3 2016/17"),
        ("financial year", date(2017, 3, 31), "2015/16"),
        ("academic year", date(2017, 9, 1), "2016/17"),
        ("day", date(2017, 1, 15), ""),
        ("day; month", date(2017, 1, 15), "December 2016"),
    ],
)
def test_without_a_figure_the_latest_whole_period_is_due(periods, on, latest):
    assert next_period(Series(kind_of_figure="in_period", periods=periods), None, on) == latest


@pytest.fixture
def admin(sign_in):
    return sign_in("data-admin")


def test_the_template_is_handed_out(admin):
    response = admin.get(TEMPLATE)
    assert response.headers["Content-Disposition"] == 'attachment; filename="template.csv"'
    head, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert is_own_layout(head)
    assert head == TEMPLATE_COLUMNS
    assert len(rows) == len(reported_series())


def test_the_template_is_handed_out_as_a_workbook(admin):
    response = admin.get(WORKBOOK)
    assert response.headers["Content-Disposition"] == 'attachment; filename="template.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[1]] == TEMPLATE_COLUMNS
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    assert (formats["period"], formats["series"], formats["value"]) == ("@", "@", "General")
    assert sheet.column_dimensions["A"].width > 20


def test_the_export_is_handed_out(admin):
    response = admin.get(EXPORT)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="figures-336-')
    assert next(csv.reader(io.StringIO(response.content.decode("utf-8-sig")))) == EXPORT_COLUMNS
    assert len(read(response.content)[1]) > 50


def test_the_addresses_have_their_names():
    assert reverse("performance:load-template", args=["xlsx"]) == WORKBOOK
    assert reverse("performance:figures-export") == EXPORT


@pytest.mark.parametrize("page", [TEMPLATE, WORKBOOK, EXPORT])
class TestDoors:
    @pytest.mark.parametrize("role", OTHERS)
    def test_the_other_roles_may_not(self, sign_in, role, page):
        assert sign_in(role).get(page).status_code == 403

    def test_the_signed_out_are_sent_to_sign_in(self, nobody, page):
        response = nobody.get(page)
        assert response.status_code == 302
        assert response.url.startswith("/sign-in/?next=")

    def test_nothing_is_posted_to(self, admin, page):
        assert admin.post(page).status_code == 405

    def test_queries_do_not_grow_with_figures(self, admin, page, django_assert_max_num_queries):
        with django_assert_max_num_queries(14):
            admin.get(page)


def test_a_template_of_another_kind_is_not_found(admin):
    response = admin.get("/performance/loads/template.pdf")
    assert response.status_code == 404
    assert "template.csv or template.xlsx" in response.content.decode()


def test_a_number_is_written_with_every_digit(council):
    series = Series.objects.get(code="adopters-approved.council")
    Measurement.objects.create(
        series=series, area=council, period_start=date(2010, 4, 1), period_end=date(2011, 3, 31),
        period_label="2010/11", value=Decimal("1200.000001"), known_from=timezone.now(),
        known_from_basis="stated",
    )  # fmt: skip
    [line] = [line for line in lines(write_export(position_on(2100, 1, 1), council))
              if line["period"] == "2010/11"]  # fmt: skip
    assert line["value"] == "1200.000001"
