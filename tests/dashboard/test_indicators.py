"""The panel’s indicators and one of them in full: the ladder, what must show, what it costs."""

import csv
import html
import io
import re

import openpyxl
import pytest

from dashboard.models import User
from performance.models import Indicator
from tests.conftest import position_on
from tests.performance.charts.reading_back import Plotted, columns_of, number_in, runs_of

pytestmark = pytest.mark.django_db

LIST = "/performance/"
NUMBER = "/performance/indicators/looked-after-number/"
RATE = "/performance/indicators/looked-after-rate/"
ABSENCE = "/performance/indicators/persistent-absence/"
PAGES = {LIST: "What the figures say", NUMBER: "Looked after children"}
ROLES = [
    "councillor", "chair", "officer", "theme-lead", "director", "scrutiny-officer", "data-admin",
]  # fmt: skip


@pytest.fixture
def later(settings):
    """The site stands at the end of 2025, when the whole run of figures is out."""
    settings.POSITION_DATE = position_on(2025, 12, 31).on


@pytest.mark.parametrize(("address", "title"), PAGES.items())
def test_page_works(councillor, address, title):
    body = councillor.get(address).content.decode()
    assert title in body
    assert "Demonstration from a 2016 public report" in body


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_page_opens_for_each_role(sign_in, role, address):
    assert sign_in(role).get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_page_sends_the_signed_out_to_sign_in(nobody, address):
    response = nobody.get(address)
    assert (response.status_code, response.url[:15]) == (302, "/sign-in/?next=")


@pytest.mark.parametrize("address", PAGES)
def test_page_is_closed_to_a_person_without_a_role(client, address):
    client.force_login(User.objects.create_user("without-a-role"))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", PAGES)
def test_page_is_not_posted_to(councillor, address):
    assert councillor.post(address).status_code == 405


def test_an_unknown_indicator_is_told(councillor):
    response = councillor.get("/performance/indicators/nothing/")
    assert response.status_code == 404
    assert "No indicator is called “nothing”" in response.content.decode()


@pytest.mark.parametrize("day", ["2010-01-01", "2013-06-30", "2016-09-27", "2017-04-01"])
@pytest.mark.parametrize("address", [*PAGES, RATE, ABSENCE])
def test_page_shows_another_day(councillor, address, day):
    response = councillor.get(address, {"as_at": day})
    assert response.status_code == 200
    assert "as a reader that day would have had it" in response.content.decode()


def test_every_indicator_has_a_page(councillor, later):
    for code in Indicator.objects.values_list("code", flat=True):
        assert councillor.get(f"/performance/indicators/{code}/").status_code == 200, code


# What must show


def page_of(client, address):
    return client.get(address).context["page"]


def sections_of(page):
    return {section.source_short: section for section in [page.main, *page.others]}


def test_the_rate_of_2025_stands_beside_others(councillor, later):
    page = page_of(councillor, RATE)
    told = [(row.label, number_in(row.text), row.basis) for row in page.comparison]
    newest, older = (
        f"Statistical neighbours, {edition}, 10 of 10 with a value, 31 March 2025"
        for edition in ("May 2025", "April 2021")
    )
    assert told == [
        ("Wolverhampton", 73, "31 March 2025"),
        ("West Midlands", 86, "31 March 2025"),
        ("England", 67, "31 March 2025"),
        ("Median of 10 neighbours", 97.0, newest),
        ("Mean of 10 neighbours", 107.7, newest),
        ("Median of 10 neighbours", 85.0, older),
        ("Mean of 10 neighbours", 90.1, older),
    ]


def test_a_year_without_figures_has_no_average_of_neighbours(councillor, later):
    page = page_of(councillor, ABSENCE)
    row = next(row for row in page.main.chart.table.rows if row[0].text == "2019/20")
    assert [number_in(cell.text) for cell in row[1:-1]] == [None] * (len(row) - 2)
    for line in Plotted(page.main.chart.figure).lines:
        assert ("2020-07-31", None) in zip(line["x"], line["y"], strict=True) or all(
            not day.startswith("2020") or value is None
            for day, value in zip(line["x"], line["y"], strict=True)
        )


def test_three_counts_of_one_day_stand_each_under_its_own_source(councillor, later):
    found = {}
    for source, section in sections_of(page_of(councillor, NUMBER)).items():
        for row in section.chart.table.rows if section.chart else []:
            if row[0].text == "31 March 2016":
                found[source] = row[1].text
    assert found == {"DfE, latest release": "654", "DfE": "653", "DfE tables, rounded": "655"}


def test_a_changed_definition_is_never_joined(councillor, later):
    sections = sections_of(page_of(councillor, ABSENCE))
    of_2015 = {}
    for source, section in sections.items():
        for row in section.chart.table.rows:
            if row[0].text == "2014/15":
                of_2015[source] = row[1].text
        for line in Plotted(section.chart.figure).lines:
            for run in runs_of(line):
                values = {value for _, value in run}
                assert not {3.7, 7.7} <= values
    assert of_2015["DfE, 15% definition"] == "3.7%"
    assert of_2015["DfE, 10% definition"] == "7.7%"


def test_in_october_2016_only_what_was_published_by_then_shows(councillor):
    response = councillor.get(NUMBER)
    sections = sections_of(response.context["page"])
    council = [row[1].text for row in sections["Council, October 2016"].chart.table.rows]
    assert council == ["778", "638"]
    assert [row[0].text for row in sections["DfE"].chart.table.rows][-1] == "31 March 2015"
    assert "DfE, latest release" not in sections
    body = response.content.decode()
    assert "range of 550 to 580" in response.context["page"].lead
    assert "rating-" not in body
    assert "going-better" not in body
    assert "653" not in re.sub(r"<svg.*?</svg>", "", body)


def test_a_range_has_no_colour_in_the_list(councillor):
    row = next(row for row in rows_of(councillor.get(LIST)) if row.code == "looked-after-number")
    assert not row.is_coloured
    body = councillor.get(LIST).content.decode()
    cell = next(part for part in body.split("<tr") if "looked-after-number/" in part)
    assert set(re.findall(r"rating-([a-z-]+)", cell)) == {"plain"}
    assert set(re.findall(r"going-([a-z-]+)", cell)) <= {"up", "down", "same"}


def test_two_bases_of_care_leavers_at_work_never_meet(councillor, later):
    codes = Indicator.objects.filter(code__startswith="care-leavers")
    seen = set()
    for code in codes.values_list("code", flat=True):
        page = page_of(councillor, f"/performance/indicators/{code}/")
        said = [page.lead]
        for section in [page.main, *page.others] if page.main else []:
            said.append(section.sentence)
            if section.chart:
                table = " ".join(cell.text for row in section.chart.table.rows for cell in row)
                said += [section.chart.sentence, table, str(section.chart.figure)]
        for words in said:
            both = [bool(re.search(rf"(?<![\d.]){one}%", words)) for one in (67, 41)]
            seen |= {one for one, held in zip((67, 41), both, strict=True) if held}
            assert not all(both), f"{code}: {words[:200]}"
    assert seen == {67, 41}


# The list


def rows_of(response):
    return [row.record for row in response.context["table"].rows]


def test_the_list_opens_with_the_dozen_and_shows_all_when_asked(councillor):
    keys = rows_of(councillor.get(LIST))
    everything = rows_of(councillor.get(LIST, {"show": "all"}))
    assert len(keys) == 12
    assert all(row.is_key for row in keys)
    assert len(everything) == Indicator.objects.filter(in_panel_set=True).count()


def due_state(row):
    if row.due.on is None:
        return "old" if row.due.old_since else ""
    return "late" if row.due.is_late else "due"


FILTERS = {
    "judgement": lambda row: row.judgements,
    "theme": lambda row: row.themes,
    "rating": lambda row: [row.rating.value] if row.rating else [],
    "direction": lambda row: [row.direction.name.lower()] if row.direction else [],
    "change": lambda row: [row.change.value] if row.change else [],
    "due": lambda row: [due_state(row)],
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_lists_what_it_says(councillor, name):
    # In 2016 no day of a next figure is held, so that there is nothing to filter by.
    day = {"as_at": "2026-01-15"} if name == "due" else {}
    response = councillor.get(LIST, {"show": "all"} | day)
    everything, choices = rows_of(response), response.context["form"].fields[name].choices
    listed = 0
    for value, _ in choices:
        if value:
            found = rows_of(councillor.get(LIST, {"show": "all", name: value} | day))
            expected = [row.code for row in everything if value in FILTERS[name](row)]
            assert [row.code for row in found] == expected, value
            listed += len(found)
    assert listed


def test_an_old_figure_says_that_nothing_newer_is_held(councillor):
    at = {"show": "all", "as_at": "2026-01-15"}
    words = {row.code: row.due.words for row in rows_of(councillor.get(LIST, at))}
    assert words["pep-early-years"] == "nothing newer since July 2016"
    assert words["re-referrals"] == "due 1 October 2026"
    assert words["care-leavers-eet"] == "due 1 November 2026"


def test_filters_combine(councillor):
    asked = {"show": "all", "judgement": "looked-after-children", "direction": "better"}
    found = rows_of(councillor.get(LIST, asked))
    assert found
    assert all("looked-after-children" in row.judgements for row in found)
    assert {row.direction.name for row in found} == {"BETTER"}
    assert len(rows_of(councillor.get(LIST, {**asked, "rating": "met"}))) < len(found)


def test_nothing_that_matches_is_said(councillor):
    asked = {
        "direction": "worse",
        "rating": "met",
        "theme": "early-help",
        "change": "a real change",
    }
    body = councillor.get(LIST, asked).content.decode()
    assert "0 indicators listed" in body
    assert "No indicator matches" in body


@pytest.mark.parametrize("name", [*FILTERS, "show"])
def test_an_unknown_choice_is_no_filter_and_is_told(councillor, name):
    response = councillor.get(LIST, {name: "purple"})
    assert [row.code for row in rows_of(response)] == [
        row.code for row in rows_of(councillor.get(LIST))
    ]
    assert "purple is not one of the available choices" in html.unescape(response.content.decode())


SORTS = ["title", "direction", "rating", "change", "judgement", "due"]
BY = {
    "title": lambda row: row.title,
    "direction": lambda row: ["WORSE", "UP", "DOWN", "SAME", "BETTER"].index(row.direction.name)
    if row.direction else 5,
    "change": lambda row: ["REAL", "NONE", "TOO_SOON"].index(row.change.name) if row.change else 3,
    "judgement": lambda row: row.judgement,
    "rating": lambda row: ["NOT_MET", "ABOVE_RANGE", "BELOW_RANGE", "CLOSE", "PART_WAY",
                           "NO_YEAR_END", "NO_FIGURE", "WITHIN_RANGE", "MET", "NO_TARGET"]
    .index(row.rating.name) if row.rating else 10,
    "due": lambda row: row.due.on.isoformat() if row.due.on else "9999",
}  # fmt: skip


@pytest.mark.parametrize("name", SORTS)
def test_each_column_sorts_both_ways(councillor, later, name):
    up = rows_of(councillor.get(LIST, {"show": "all", "sort": name}))
    down = rows_of(councillor.get(LIST, {"show": "all", "sort": f"-{name}"}))
    assert sorted(row.code for row in up) == sorted(row.code for row in down)
    keys = [BY[name](row) for row in up]
    assert keys == sorted(keys)
    assert [BY[name](row) for row in down] == sorted(keys, reverse=True)
    assert len(set(keys)) > 1


@pytest.mark.parametrize("query", [{"sort": "nothing"}, {"sort": "-latest"}, {"page": "x"}])
def test_a_meddled_address_is_harmless(councillor, query):
    assert councillor.get(LIST, query).status_code == 200


# What a reader takes away


def read_export(client, address, kind, **query):
    content = client.get(address, {"_export": kind, **query}).content
    if kind == "csv":
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    head, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [
        {name: "" if cell is None else str(cell) for name, cell in zip(head, row, strict=True)}
        for row in rows
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_as_a_file_says_what_the_page_says(councillor, kind):
    page = rows_of(councillor.get(LIST, {"show": "all"}))
    taken = read_export(councillor, LIST, kind, show="all")
    assert [row["Code"] for row in taken] == [row.code for row in page]
    for row, given in zip(page, taken, strict=True):
        assert given["Indicator"] == row.title
        assert given["Latest figure"].lstrip("'") == row.latest
        assert given["Period"] == row.period
        assert given["In words"] == row.sentence
        assert given["Next figure"] == row.due.words
        assert given["Target"] == (row.rating.value if row.rating else "")
        assert given["Real change?"] == row.change_words


@pytest.mark.parametrize("name", ["title", "-direction", "rating", "-change", "due"])
def test_the_file_comes_in_the_page_s_order(councillor, later, name):
    query = {"show": "all", "sort": name}
    page = rows_of(councillor.get(LIST, query))
    taken = read_export(councillor, LIST, "csv", **query)
    assert [row["Code"] for row in taken] == [row.code for row in page]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "address", [NUMBER, RATE, ABSENCE, "/performance/indicators/residential-change/"]
)
def test_an_indicator_s_file_holds_the_page_s_figures(councillor, later, address, kind):
    page = page_of(councillor, address)
    taken = read_export(councillor, address, kind)
    assert len(taken) == sum(len(one.rows) for one in page.readings.series)
    codes = {f"series-{one.series.pk}": one.series.code for one in page.readings.series}
    for section in [page.main, *page.others]:
        code = codes[section.anchor]
        mine = {row["Period"]: row for row in taken if row["Series"] == code}
        for period, words in columns_of(section.chart.table)[1] if section.chart else []:
            value = number_in(words)
            if value is None:
                assert (mine[period]["Value"], bool(mine[period]["Why there is no value"])) == (
                    "",
                    True,
                )
            else:
                assert float(mine[period]["Value"]) == value
        for figure in section.also:
            assert mine[figure.period]["Value"] in figure.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_file_holds_a_formula(councillor, kind):
    Indicator.objects.filter(code="looked-after-number").update(
        short_title='=HYPERLINK("http://127.0.0.1","x")', title="@SUM(1)"
    )
    row = next(
        row for row in read_export(councillor, LIST, kind) if row["Code"] == "looked-after-number"
    )
    assert row["Indicator"].startswith("'=HYPERLINK")
    assert read_export(councillor, NUMBER, kind)[0]["Indicator"] == "'@SUM(1)"


@pytest.mark.parametrize("address", [LIST, NUMBER])
def test_other_formats_are_not_offered(councillor, address):
    assert councillor.get(address, {"_export": "json"})["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("address", [f"{LIST}?show=all&", f"{LIST}?sort=due&", f"{NUMBER}?"])
def test_another_day_is_kept_in_every_link(councillor, address):
    body = councillor.get(f"{address}as_at=2016-09-27").content.decode()
    main = body.partition("<main")[2].partition("</main>")[0]
    assert "as_at=2016-09-27" in main
    kept_elsewhere = ("/glossary/", "/about-the-data/")
    lost = [
        link
        for link in re.findall(r'href="([^"]*)"', main)
        if "as_at=2016-09-27" not in link
        and not link.startswith(("#", "http"))
        and not link.startswith(kept_elsewhere)
    ]
    assert lost == []
    if address.startswith(LIST + "?"):
        assert '<input type="hidden" name="as_at" value="2016-09-27">' in main
