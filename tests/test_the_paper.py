"""The report as fixtures, checked against the paper."""

import csv
from datetime import date

import pytest
from django.conf import settings

from dashboard.presenters.overview import make_overview
from dashboard.presenters.plan import make_bullet_lines
from dashboard.reading import get_plan
from improvement.models import Action, Bullet, BulletOutcome, Finding, Statement
from improvement.presenters import make_action_lines, make_judgement_grades
from improvement.standing import Standing
from performance.models import Measurement, Target
from tests.conftest import FIXTURES, position_on

pytestmark = pytest.mark.django_db

# Lines with a date before the meeting and no word on what happened, counted by hand in the paper.
PASSED_AT_THE_MEETING = (
    "1.01 1.06 1.07 1.11 1.12 2.04 2.05 3.02 3.05 4.01 4.02 4.04 4.07 5.24 5.27 7.01 7.27 "
    "8.10 8.11 9.03 9.04"
).split()
PASSED_AT_PUBLICATION = "1.11 4.01 4.02 4.04 4.07 7.27 8.10".split()


def grades_on(year, month, day):
    position = position_on(year, month, day)
    return make_judgement_grades(get_plan(position), position)


def overview_on(year, month, day):
    position = position_on(year, month, day)
    return make_overview(get_plan(position), position, settings.COUNCIL_CODE, None)


def test_the_paper_has_127_lines_under_eleven_themes():
    counts = [
        theme.bullets.count()
        for theme in get_plan(position_on(2016, 10, 5)).themes.order_by("number")
    ]
    assert counts == [12, 5, 9, 11, 27, 3, 27, 12, 9, 4, 8]
    assert Bullet.objects.count() == 127


def test_every_line_became_something():
    assert not Bullet.objects.filter(outcomes__isnull=True).exists()


def test_every_action_statement_finding_and_target_leads_back_to_a_line():
    assert not Action.objects.filter(bullet_outcomes__isnull=True).exists()
    cited = set(BulletOutcome.objects.values_list("kind", "reference"))
    assert {("statement", row.reference) for row in Statement.objects.all()} <= cited
    assert {("finding", row.reference) for row in Finding.objects.all()} <= cited
    assert {row.pk for row in Target.objects.all()} == cited_versions("target")


def cited_versions(kind):
    rows = BulletOutcome.objects.with_versions(position_on(2022, 6, 1)).filter(kind=kind)
    return set(rows.values_list(f"{kind}_id", flat=True))


def test_every_figure_of_the_council_leads_back_to_a_line():
    mine = Measurement.objects.filter(series__code__contains=".council")
    without = mine.exclude(pk__in=cited_versions("figure"))
    # The budget stands in paragraph 4.1, outside the lines of section 3.4.
    assert set(without.values_list("series__code", flat=True)) == {"children-budget.council"}


def test_every_outcome_has_a_place_on_the_site():
    position = position_on(2016, 10, 5)
    for theme in get_plan(position).themes.all():
        for line in make_bullet_lines(theme, position):
            assert all(outcome.url for outcome in line.outcomes), line.reference


def test_two_outcomes_are_two_actions():
    references = list(
        BulletOutcome.objects.filter(bullet__reference="4.01", action__isnull=False).values_list(
            "action__reference", flat=True
        )
    )
    assert references == ["4.01a", "4.01b"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [((2016, 10, 5), PASSED_AT_THE_MEETING), ((2016, 9, 27), PASSED_AT_PUBLICATION)],
)
def test_the_lines_whose_date_has_passed(day, expected):
    position = position_on(*day)
    lines = make_action_lines(get_plan(position), position)
    passed = {line.bullet for line in lines if line.standing is Standing.DATE_PASSED}
    assert sorted(passed) == sorted(expected)


def test_the_prosecution_is_not_shown():
    for name in ("bullets", "actions", "updates"):
        assert "prosecution" not in (FIXTURES / f"{name}.csv").read_text().lower()


def test_no_line_of_ours_says_lac():
    with (FIXTURES / "bullets.csv").open() as file:
        assert [row["reference"] for row in csv.DictReader(file) if "LAC" in row["statement"]] == []


def test_the_overview_says_what_the_paper_says():
    opening = overview_on(2016, 10, 5).opening
    assert opening.heading == (
        "Good on three of Ofsted’s five judgements, Requires improvement on two: "
        "help and protection and care leavers"
    )
    assert opening.paragraphs == [
        "That is the council’s own view, at the end of June 2016. "
        "Ofsted last inspected in June 2011, before the present framework, and is due to inspect "
        "under it by December 2017.",
        "Of seven targets in the report two are met, one is part-way, one is outside its range "
        "and three are without a figure yet.",
        "Twenty-one actions carry a date that has passed, with no word of what happened: ask. "
        "Appendices One to Three, which you are asked to note and scrutinise, are not held here.",
    ]


def test_the_day_before_the_report_no_inspector_has_spoken():
    grades = [grade for line in grades_on(2017, 3, 29) for grade in line.grades]
    assert grades
    assert all(grade.published_on <= date(2017, 3, 29) for grade in grades)


def test_on_1_april_2017_the_inspector_stands_beside_the_council():
    overview = overview_on(2017, 4, 1)
    # The newest first: Ofsted of February 2017, then the council of June 2016.
    assert {
        row.title: [(grade.maker, grade.grade_label) for grade in (row.shown, row.other)]
        for row in overview.rows
    } == {
        title: [("inspection", inspector), ("self_assessment", own)]
        for title, inspector, own in [
            ("Help and protection", "Requires improvement", "Requires improvement"),
            ("Looked after children", "Good", "Good"),
            ("Adoption", "Good", "Good"),
            ("Care leavers", "Good", "Requires improvement"),
            ("Leadership", "Good", "Good"),
        ]
    }
    assert overview.opening.heading == (
        "Ofsted, 9 February 2017: Good on four of its five judgements, Requires improvement on "
        "one: help and protection; Good overall"
    )
    assert "seven months before the inspection ended" in overview.opening.paragraphs[0]
    assert "Appendices" not in " ".join(overview.opening.paragraphs)


def test_twelve_adopters_by_august_do_not_say_how_the_year_ended():
    targets = overview_on(2017, 4, 1).opening.paragraphs[1]
    assert "one is without a figure for the year’s end" in targets
    assert "not met" not in targets


def test_in_2022_the_later_framework_is_named():
    opening = overview_on(2022, 6, 1).opening
    assert opening.heading == (
        "Ofsted, 28 March 2022: Good on two of its three judgements, Outstanding on one: leaders; "
        "Good overall"
    )
    assert "under a later framework (ILACS" in opening.paragraphs[0]
    assert "The inspection before it ended on 9 February 2017" in opening.paragraphs[0]


def test_a_later_figure_of_another_cohort_does_not_take_the_councils_place():
    row = next(row for row in overview_on(2017, 4, 1).rows if row.title == "Care leavers")
    said = " ".join(figure.text for figure in row.figures)
    assert "67%" in said
    assert "41%" not in said
