"""What the Interactive Tool's dictionary says of a measure, and which days its years mean."""

import re
from datetime import date

import pytest

from performance.importer.incoming import Source
from performance.importer.lait_dictionary import (
    load_series,
    make_codes,
    make_series,
    read_dictionary,
)
from performance.importer.lait_years import date_year
from performance.importer.problems import LoadRefused
from performance.models import Indicator, ReferenceEvent, Series
from tests.performance.importer.lait_files import DICTIONARY

# The dictionary, and the series made of it


def test_a_measure_under_two_topics_is_one_and_the_later_record_speaks(dictionary):
    both = dictionary["LAC_Unauth"]
    assert both.topics == ("Children Looked After", "All Pupil Absence & Exclusions")
    assert both.chart_title.startswith("Unauthorised absence from school")
    assert both.dps == 2
    assert both.next_update == date(2027, 4, 1)


def test_cells_of_many_lines_are_read_whole(dictionary):
    assert len(dictionary) == 24
    assert "\n\n" in dictionary["LACnum"].description
    assert "\n\n\n" not in dictionary["LACnum"].description


@pytest.mark.parametrize(
    ("measure", "unit", "decimals", "polarity", "periods"),
    [
        ("RTA", "per 100,000", 2, "lower", "calendar year; other"),
        ("LAC", "per 10,000 children", 1, "neither", "day"),
        ("LACnum", "children", 0, "neither", "day"),
        ("LACDental%", "%", 1, "higher", "financial year; other"),
        ("LACFinance", "£ a week", 0, "neither", "financial year; other"),
        ("C&YPExpenditure", "£", 0, "neither", "financial year; other"),
        ("Work_Force_TO_Rate", "%", 1, "lower", "other"),
        ("Work_Force_Agecy_Rate", "%", 1, "lower", "day"),
        ("LAC_Foster_Placements", "%", 1, "higher", "day"),
        ("PriFSM", "%", 1, "neither", "month"),
        ("KS2R_Prog_VA", "points", 2, "higher", "academic year; other"),
        ("Premium", "pupils", 0, "neither", "financial year; other"),
    ],
)
def test_a_series_says_what_the_dictionary_says(
    dictionary, measure, unit, decimals, polarity, periods
):
    [new] = make_series(dictionary, [measure])
    assert (new.unit, new.decimals, new.polarity, new.periods) == (
        unit,
        decimals,
        polarity,
        periods,
    )
    assert new.kind == ("context" if polarity == "neither" else "performance")


def test_a_code_comes_of_the_name_alone_and_names_that_differ_in_capitals_have_two():
    assert make_codes(["LACHealth%"])["LACHealth%"] == "lait-lachealth-percent"
    codes = make_codes(["LAC_a", "LAC_A", "%_of LAC Adopted", "No_of LAC Adopted"])
    assert len(set(codes.values())) == 4
    assert re.fullmatch("lait-lac-a-[0-9a-f]{8}", codes["LAC_A"])
    assert make_codes(["x", "LAC_A", "LAC_a"])["LAC_A"] == codes["LAC_A"]
    assert max(map(len, make_codes(["x" * 200, "x" * 201]).values())) <= 80


def test_series_are_made_once_outside_the_panels_set_and_as_published(on_record):
    made_first = Series.objects.filter(code__startswith="lait-")
    assert made_first.count() == 24
    assert load_series(make_series(on_record, on_record)) == []
    assert made_first.count() == 24
    assert not Indicator.objects.filter(code__startswith="lait-", in_panel_set=True).exists()
    assert set(made_first.values_list("suppression", flat=True)) == {"as_published"}
    assert not ReferenceEvent.objects.filter(key__startswith="lait-").exists()


def test_what_stands_on_record_is_not_changed_by_a_newer_dictionary(on_record):
    Indicator.objects.filter(code="lait-lacnum").update(short_title="As the council words it")
    load_series(make_series(on_record, on_record))
    assert Indicator.objects.get(code="lait-lacnum").short_title == "As the council words it"


def test_series_that_a_person_makes_are_in_the_history(db, dictionary, django_user_model):
    person = django_user_model.objects.first()
    load_series(make_series(dictionary, ["LACnum"]), by=person)
    assert ReferenceEvent.objects.filter(key="lait-lacnum", by=person).count() == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "has a column Topic"),
        (b"", "has a column Topic"),
        (b"\xff\xfe\x00", "dictionary in CSV was expected"),
        (DICTIONARY.content[:5_000], "dictionary in CSV was expected|cut short"),
    ],
)
def test_what_is_no_dictionary_is_refused(content, said):
    with pytest.raises(LoadRefused) as refused:
        read_dictionary(Source("d.csv", content))
    assert re.search(said, refused.value.problems[0].expected)


# Years


@pytest.mark.parametrize(
    ("spelling", "kind", "start", "end", "label", "flags"),
    [
        ("2016", "calendar year", (2016, 1, 1), (2016, 12, 31), "2016", ""),
        ("2016", "financial year", (2015, 4, 1), (2016, 3, 31), "2015/16", ""),
        ("2016", "academic year", (2015, 9, 1), (2016, 8, 31), "2015/16", ""),
        ("2016", "31 March", (2016, 3, 31), (2016, 3, 31), "31 March 2016", ""),
        ("2016", "30 September", (2016, 9, 30), (2016, 9, 30), "30 September 2016", ""),
        ("2016", "January", (2016, 1, 1), (2016, 1, 31), "January 2016", ""),
        ("2016-17", "financial year", (2016, 4, 1), (2017, 3, 31), "2016/17", ""),
        ("2016/17", "academic year", (2016, 9, 1), (2017, 8, 31), "2016/17", ""),
        ("1999/00", "academic year", (1999, 9, 1), (2000, 8, 31), "1999/00", ""),
        ("2016-17 (OT)", "financial year", (2016, 4, 1), (2017, 3, 31), "2016/17 outturn", ""),
        ("2014-16", "calendar year", (2014, 1, 1), (2016, 12, 31), "2014 to 2016", ""),
        (
            "2013/14-15/16", "financial year", (2013, 4, 1), (2016, 3, 31), "2013/14 to 2015/16",
            "",
        ),
        ("2025 (prov)", "academic year", (2024, 9, 1), (2025, 8, 31), "2024/25", "p"),
        ("2025 (Rev)", "academic year", (2024, 9, 1), (2025, 8, 31), "2024/25", "r"),
        ("2021 (Final)", "academic year", (2020, 9, 1), (2021, 8, 31), "2020/21", ""),
    ],
)  # fmt: skip
def test_a_year_means_the_days_of_its_measures_kind_of_year(
    spelling, kind, start, end, label, flags
):
    year = date_year(spelling, kind)
    assert (year.period.start, year.period.end) == (date(*start), date(*end))
    assert (year.period.label, year.mark.flags) == (label, flags)


@pytest.mark.parametrize(
    ("spelling", "kind"),
    [
        ("0", "academic year"),
        ("", "academic year"),
        ("2016-17", "calendar year"),
        ("2016-17", "31 March"),
        ("2014-16", "financial year"),
        ("2016-16", "academic year"),
        ("2013/15-15/16", "financial year"),
        ("2013/14-15/16", "calendar year"),
        ("2025 (guess)", "academic year"),
        ("202425", "academic year"),
        ("٢٠١٦", "academic year"),
    ],
)
def test_what_names_no_period_is_not_dated(spelling, kind):
    assert date_year(spelling, kind) is None
