"""What members are told of a figure that was restated or withdrawn."""

from datetime import timedelta

import pytest

from performance.models import SeriesLink
from performance.presenters.indicator import make_indicator_page
from tests.conftest import position_on
from tests.performance.made_up_figures import (
    COUNCIL,
    at_noon,
    make_load,
    make_series,
    make_year,
    make_years,
)

pytestmark = pytest.mark.django_db

ON = position_on(2016, 10, 5)
HOUR = timedelta(hours=1)
HIDING = {"suppression": "local_threshold", "threshold": 5}


def restated(series, position=ON):
    """Period, words and why of each restatement on the page of the series."""
    page = make_indicator_page(series.indicator, COUNCIL, position)
    section = page.main.restated if page.main else page.restated
    return [(line.period, line.words, line.why) for line in (*section.first, *section.rest)]


def restate(series, year=2016, old=46, new=48, on="2016-09-05", **load):
    """A year's figure that another load replaced."""
    make_year(series, year, old, known="2016-08-01", until=on, load=make_load())
    return make_year(series, year, new, known=on, load=make_load(**load))


def test_a_restatement_says_what_when_and_why():
    series = make_series()
    restate(series, reason="Two schools sent theirs late")
    assert restated(series) == [
        ("2015/16", "46% until 5 September 2016, now 48%", "Two schools sent theirs late.")
    ]


def test_the_sentence_and_the_table_say_that_it_was_restated(councillor):
    series = make_series()
    make_years(series, 2013, [40, 41, 42])
    restate(series)
    page = make_indicator_page(series.indicator, COUNCIL, ON)
    assert "48% in 2015/16 (restated since: 46% before)" in page.lead
    *_, before, latest = page.main.chart.table.rows
    assert "restated" in latest[-1].text
    assert "restated" not in before[-1].text
    body = councillor.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert "Figures that were restated" in body
    assert "46% until 5 September 2016, now 48%" in body


def test_before_the_day_of_the_later_load_nothing_was_restated():
    series = make_series()
    restate(series)
    assert restated(series, position_on(2016, 9, 4)) == []
    assert len(restated(series, position_on(2016, 9, 5))) == 1


@pytest.mark.parametrize(
    ("load", "why"),
    [
        ({"form": "published"}, "DfE’s release of 5 September 2016."),
        ({"form": "published", "reason": "A slip!"}, "A slip!"),
        ({}, "No reason was given."),
    ],
)
def test_without_a_reason_a_release_speaks_for_itself(load, why):
    series = make_series()
    restate(series, **load)
    assert restated(series)[0][2] == why


def test_the_newest_news_comes_first_and_past_three_it_is_folded():
    series = make_series()
    for place, year in enumerate((2013, 2016, 2014, 2015)):
        restate(series, year, on=f"2016-09-0{place + 3}")
    section = make_indicator_page(series.indicator, COUNCIL, ON).main.restated
    assert [line.period for line in section.first] == ["2014/15", "2013/14", "2015/16"]
    assert [line.period for line in section.rest] == ["2012/13"]


def test_a_figure_restated_twice_has_two_lines():
    series = make_series()
    make_year(series, 2016, 46, known="2016-08-01", until="2016-09-05")
    make_year(series, 2016, 48, known="2016-09-05", until="2016-09-07")
    make_year(series, 2016, None, known="2016-09-07")
    assert [words for _, words, _ in restated(series)] == [
        "48% until 7 September 2016, now not available",
        "46% until 5 September 2016, then 48%",
    ]


def test_a_version_with_the_same_value_is_no_restatement():
    series = make_series()
    make_year(series, 2016, 46, known="2016-08-01", until="2016-09-05", is_provisional=True)
    make_year(series, 2016, 46, known="2016-09-05")
    assert restated(series) == []


def withdraw(series, *, before=46, mistake=84, after=46, back="2016-09-08", until=None):
    """2015/16: `before`, a load by mistake on 5 September, and what its withdrawal put back."""
    loaded = make_load(state="withdrawn")
    withdrawal = make_load("The wrong quarter", "withdrawal", withdraws=loaded)
    if before is not None:
        make_year(series, 2016, before, known="2016-08-01", until="2016-09-05", load=make_load())
    make_year(series, 2016, mistake, known="2016-09-05", until=back, load=loaded)
    if after is not None:
        make_year(series, 2016, after, known=back, until=until, load=withdrawal)
    return loaded


def test_a_withdrawal_is_one_line_with_its_reason():
    series = make_series()
    loaded = withdraw(series)
    make_year(series, 2015, 80, known="2016-09-05", until="2016-09-08", load=loaded)
    assert restated(series) == [
        ("2015/16", "it was 46%, then 84% from 5 September 2016 until it was withdrawn on "
         "8 September 2016, now 46%", "Figures withdrawn: The wrong quarter."),
        ("2014/15", "it was 80% from 5 September 2016 until it was withdrawn on 8 September 2016",
         "Figures withdrawn: The wrong quarter."),
    ]  # fmt: skip


def test_before_its_withdrawal_a_mistake_reads_as_the_restatement_that_it_was():
    series = make_series()
    withdraw(series)
    assert restated(series, position_on(2016, 9, 7)) == [
        ("2015/16", "46% until 5 September 2016, now 84%", "No reason was given.")
    ]


def test_a_figure_that_was_withdrawn_the_same_day_says_so():
    series = make_series()
    withdraw(series)
    morning = at_noon("2016-09-08") - HOUR
    series.measurements.filter(known_from=at_noon("2016-08-01")).update(known_until=morning)
    series.measurements.filter(value=84).update(known_from=morning)
    assert restated(series)[0][1] == (
        "it was 46%, then 84% on 8 September 2016, withdrawn the same day, now 46%"
    )


def test_nothing_is_now_what_was_withdrawn_since():
    series = make_series()
    withdraw(series, after=None)
    assert restated(series) == [
        ("2015/16", "it was 46%, then 84% from 5 September 2016 until it was withdrawn on "
         "8 September 2016", "Figures withdrawn: The wrong quarter.")
    ]  # fmt: skip


def test_what_a_withdrawal_put_back_may_be_restated_later():
    series = make_series()
    withdraw(series, until="2016-09-20")
    make_year(series, 2016, 48, known="2016-09-20", load=make_load("Two schools were late"))
    assert [words for _, words, _ in restated(series)] == [
        "46% until 20 September 2016, now 48%",
        "it was 46%, then 84% from 5 September 2016 until it was withdrawn on 8 September 2016, "
        "then 46%",
    ]
    page = make_indicator_page(series.indicator, COUNCIL, ON)
    assert "48% in 2015/16 (restated since: 46% before)" in page.lead


def test_two_withdrawals_one_after_the_other_are_two_lines():
    """The second load by mistake goes first, and puts the first one's figure back."""
    series = make_series()
    first, second = make_load(state="withdrawn"), make_load(state="withdrawn")
    puts_first = make_load("The wrong council", "withdrawal", withdraws=second)
    puts_own = make_load("The wrong quarter", "withdrawal", withdraws=first)
    make_year(series, 2016, 46, known="2016-08-01", until="2016-09-05")
    make_year(series, 2016, 84, known="2016-09-05", until="2016-09-06", load=first)
    make_year(series, 2016, 90, known="2016-09-06", until="2016-09-07", load=second)
    make_year(series, 2016, 84, known="2016-09-07", until="2016-09-08", load=puts_first)
    make_year(series, 2016, 46, known="2016-09-08", load=puts_own)
    assert [(words, why) for _, words, why in restated(series)] == [
        ("it was 46%, then 84% from 5 September 2016 until it was withdrawn on 8 September 2016, "
         "now 46%", "Figures withdrawn: The wrong quarter."),
        ("it was 84%, then 90% from 6 September 2016 until it was withdrawn on 7 September 2016, "
         "then 84%", "Figures withdrawn: The wrong council."),
    ]  # fmt: skip


def test_a_withdrawal_past_an_earlier_load_keeps_that_one_s_line():
    """What the load by mistake replaced had been withdrawn meanwhile: neither stands."""
    series = make_series()
    loaded = make_load(state="withdrawn")
    withdrawal = make_load("The wrong quarter", "withdrawal", withdraws=loaded)
    make_year(series, 2016, 46, known="2016-08-01", until="2016-09-03")
    make_year(series, 2016, 55, known="2016-09-03", until="2016-09-05", load=make_load("Late"))
    make_year(series, 2016, 84, known="2016-09-05", until="2016-09-08", load=loaded)
    make_year(series, 2016, 46, known="2016-09-08", load=withdrawal)
    assert [words for _, words, _ in restated(series)] == [
        "it was 55%, then 84% from 5 September 2016 until it was withdrawn on 8 September 2016, "
        "now 46%",
        "46% until 3 September 2016, then 55%",
    ]
    assert "restated" not in make_indicator_page(series.indicator, COUNCIL, ON).lead


def test_a_figure_loaded_again_after_its_withdrawal_is_not_restated_from_it():
    series = make_series()
    withdraw(series, before=None, after=None)
    make_year(series, 2016, 48, known="2016-09-20", load=make_load())
    assert [words for _, words, _ in restated(series)] == [
        "it was 84% from 5 September 2016 until it was withdrawn on 8 September 2016"
    ]
    assert "restated" not in make_indicator_page(series.indicator, COUNCIL, ON).lead


def test_a_figure_that_came_back_is_called_restated_nowhere(councillor):
    series = make_series()
    make_years(series, 2013, [40, 41, 42])
    withdraw(series)
    page = make_indicator_page(series.indicator, COUNCIL, ON)
    assert "46% in 2015/16" in page.lead
    assert "84%" not in page.lead
    assert "restated" not in page.lead
    assert "restated" not in page.main.chart.table.rows[-1][-1].text
    body = councillor.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert "Figures that were withdrawn" in body
    assert "restated" not in body.partition("<main")[2].partition("</main>")[0]
    listed = councillor.get("/performance/?show=all").content.decode()
    assert "restated since" not in listed


def test_the_heading_names_both_where_both_happened(councillor):
    series = make_series()
    restate(series, year=2015)
    withdraw(series)
    body = councillor.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert "Figures that were restated or withdrawn" in body


def test_the_withdrawn_figure_of_a_hidden_series_is_not_told():
    series = make_series(counts_children=True, **HIDING)
    withdraw(series, before=37, mistake=93, after=37)
    assert restated(series) == [
        ("2015/16", "figure withdrawn on 8 September 2016",
         "Figures withdrawn: The wrong quarter.")
    ]  # fmt: skip
    (one,) = make_indicator_page(series.indicator, COUNCIL, ON).readings.series[0].restated
    assert one.before.value is one.old.value is one.new.value is None


def test_where_all_was_withdrawn_the_page_says_so(councillor):
    series, loaded = make_series(), make_load(state="withdrawn")
    make_load("The wrong council", "withdrawal", withdraws=loaded)
    make_year(series, 2016, 46, known="2016-08-01", until="2016-09-05", load=loaded)
    body = councillor.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert "No figure stood on 5 October 2016: what had been held was withdrawn." in body
    assert "Figures withdrawn: The wrong council." in body


def test_a_series_under_the_local_rule_never_tells_its_old_value(councillor):
    series = make_series(counts_children=True, **HIDING)
    restate(series, old=37, new=93)
    assert restated(series) == [("2015/16", "restated on 5 September 2016", "No reason was given.")]
    body = councillor.get(f"/performance/indicators/{series.indicator.code}/").content.decode()
    assert "93" in body
    assert "37" not in body.partition("<main")[2].partition("</main>")[0].replace("375", "")


def test_nor_does_one_that_is_linked_with_such_a_series():
    hidden = make_series("hidden", counts_children=True, **HIDING)
    series = make_series()
    SeriesLink.objects.create(series=series, role="made_from", of=hidden)
    restate(series, old=37, new=93)
    ((_, words, _),) = restated(series)
    assert words == "restated on 5 September 2016"


def test_nothing_in_memory_holds_the_old_value_of_a_hidden_series():
    series = make_series(counts_children=True, **HIDING)
    restate(series, old=37, new=93)
    page = make_indicator_page(series.indicator, COUNCIL, ON)
    (one,) = page.readings.series[0].restated
    assert one.old.value is one.new.value is None


def test_the_list_of_figures_does_not_list_restatements(councillor):
    restate(make_series())
    assert "until 5 September 2016" not in councillor.get("/performance/?show=all").content.decode()


def test_it_is_the_day_in_london_on_which_the_figure_stopped_standing():
    series = make_series()
    late = at_noon("2016-09-05").replace(hour=23, minute=30)
    make_year(series, 2016, 46, known="2016-08-01", until="2016-09-05")
    series.measurements.update(known_until=late)
    make_year(series, 2016, 48, known="2016-09-05")
    series.measurements.filter(value=48).update(known_from=late)
    assert "until 5 September 2016" in restated(series)[0][1]
