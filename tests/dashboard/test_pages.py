"""The same ladder for every page: it works, who may, what is unknown, what it costs."""

import csv
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import User
from improvement.models import Action, ActionJudgement, ProgressUpdate, UpdateReview
from performance.models import Indicator, Measurement, Series
from tests.conftest import position_on

pytestmark = pytest.mark.django_db

PAGES = {
    "/": "Where the five judgements stand",
    "/judgements/looked-after-children/": "Looked after children",
    "/judgements/safeguarding-board/": "Safeguarding children board",
    "/plan/": "Improvement Plan",
    "/plan/themes/early-help/": "Early Help",
    "/plan/actions/4.01b/": "4.01b",
    "/glossary/": "Glossary",
    "/about-the-data/": "About the data",
}
ROLES = [
    "councillor", "chair", "co-opted", "substitute", "cabinet-member", "officer", "theme-lead",
    "director", "scrutiny-officer", "data-admin", "administrator",
]  # fmt: skip
# Session, user and the two of permissions, which every page reads before it begins.
BESIDE = 4


@pytest.mark.parametrize(("address", "title"), PAGES.items())
def test_page_works(councillor, address, title):
    response = councillor.get(address)
    assert response.status_code == 200
    assert title in response.content.decode()
    assert "Demonstration from a 2016 public report" in response.content.decode()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_page_opens_for_each_role(sign_in, role, address):
    assert sign_in(role).get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_page_sends_the_signed_out_to_sign_in(nobody, address):
    response = nobody.get(address)
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/?next=")


@pytest.mark.parametrize("address", [page for page in PAGES if page != "/glossary/"])
def test_page_is_closed_to_a_person_without_a_role(client, address):
    client.force_login(User.objects.create_user("without-a-role"))
    response = client.get(address)
    assert response.status_code == 403
    assert "Your role does not include it" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "638 on 8 August 2016"),
        ("/judgements/looked-after-children/", "638 on 8 August 2016"),
        ("/plan/themes/looked-after-children/", "Looked after children: 638 children"),
    ],
)
def test_a_count_up_to_the_series_own_threshold_is_hidden(councillor, address, words):
    assert words in councillor.get(address).content.decode()
    Series.objects.filter(code="looked-after-number.council").update(
        suppression="local_threshold", threshold=1000
    )
    assert words not in councillor.get(address).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_page_weighs_at_most_60_kb_packed(councillor, address):
    response = councillor.get(address, headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= 60_000


def test_pages_stay_out_of_caches(councillor):
    assert councillor.get("/plan/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("day", ["2011-07-31", "2013-01-01", "2016-09-26"])
def test_the_days_between_the_first_grade_and_the_paper_have_an_overview(councillor, day):
    assert councillor.get("/", {"as_at": day}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/plan/"])
@pytest.mark.parametrize("day", ["9999-12-30", "2999-01-01"])
def test_a_day_that_has_not_come_is_not_shown(councillor, address, day):
    body = councillor.get(address, {"as_at": day}).content.decode()
    assert "has not come yet" in body
    assert "Position on <strong>5 October 2016</strong>" in body


@pytest.mark.parametrize("address", ["/plan/actions/%00/", "/plan/actions/a%0ab/"])
def test_a_reference_that_cannot_be_one_is_not_found(councillor, address):
    assert councillor.get(address).status_code == 404


@pytest.mark.parametrize("query", [{"per_page": "-1"}, {"page": "x"}, {"sort": "-nothing"}])
def test_a_meddled_address_of_the_list_is_harmless(councillor, query):
    assert councillor.get("/plan/", query).status_code == 200


def test_signing_in_does_not_go_round_in_circles(councillor):
    response = councillor.get("/sign-in/", {"next": "/sign-in/"})
    assert (response.status_code, response.url) == (302, "/")


@pytest.mark.parametrize("address", PAGES)
def test_page_is_not_posted_to(councillor, address):
    assert councillor.post(address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("day", ["2016-09-27", "2017-03-29", "2017-04-01", "2022-06-01"])
def test_page_shows_another_day_and_says_so(councillor, address, day):
    response = councillor.get(address, {"as_at": day})
    assert response.status_code == 200
    assert "as a reader that day would have had it" in response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_no_page_shows_a_grade_of_2017_on_29_march(councillor, address):
    body = councillor.get(address, {"as_at": "2017-03-29"}).content.decode()
    assert "February 2017" not in body
    assert "31 March 2017 (" not in body
    assert "Published 31 March 2017" not in body


@pytest.mark.parametrize(
    "address", ["/", "/plan/", "/plan/themes/early-help/", "/plan/actions/1.02/"]
)
def test_a_day_before_the_first_data_says_that_nothing_was_known(councillor, address):
    body = councillor.get(address, {"as_at": "2010-01-01"}).content.decode()
    assert "Nothing was known of this on 1 January 2010" in body


@pytest.mark.parametrize("asked", ["31/02/2016", "yesterday", "2016-02-31", "9999-12-32", "<b>"])
def test_a_wrong_day_is_a_message_and_the_current_position(councillor, asked):
    body = councillor.get("/", {"as_at": asked}).content.decode()
    assert "is not a day that can be shown" in body
    assert "Position on <strong>5 October 2016</strong>" in body
    assert "<b>”" not in body


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/nowhere/", "There is no page at this address"),
        ("/judgements/nothing/", "There is no judgement “nothing”"),
        ("/plan/themes/nothing/", "The plan has no theme “nothing”"),
        ("/plan/actions/99.99/", "The plan has no action “99.99”"),
    ],
)
def test_an_unknown_address_helps(councillor, address, said):
    response = councillor.get(address)
    assert response.status_code == 404
    assert said in response.content.decode()


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured) - BESIDE


@pytest.mark.parametrize("address", PAGES)
def test_page_costs_few_queries_and_the_same_with_400_actions(councillor, address):
    limit = 18 if address == "/" or address.startswith("/judgements/") else 12
    before = queries(councillor, address)
    add_actions(400)
    assert queries(councillor, address) == before <= limit


def add_actions(count):
    model = Action.objects.get(reference="4.01b")
    links = ActionJudgement.objects.get(action=model)
    for number in range(count):
        action = Action.objects.create(
            theme=model.theme, reference=f"x{number}", order=1000 + number, title="More",
            description="More", kind=model.kind, first_due_basis="not_stated",
            known_from=model.known_from,
        )  # fmt: skip
        ActionJudgement.objects.create(action=action, judgement=links.judgement, is_main=True)
        update = ProgressUpdate.objects.create(
            action=action, status="under_way", narrative="Going on.", effective_on="2016-06-30",
            paper=model.theme.plan.paper,
        )  # fmt: skip
        UpdateReview.objects.create(update=update, outcome="approved", known_from=model.known_from)


def test_the_list_filters(councillor):
    response = councillor.get("/plan/", {"standing": "date_passed", "theme": "early-help"})
    rows = response.context["table"].rows
    assert [row.record.reference for row in rows] == ["3.02", "3.05a"]


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ({"standing": "date_passed"}, "21 actions whose date has passed"),
        (
            {"standing": "date_passed", "theme": "early-help"},
            "2 actions whose date has passed, of the theme Early help",
        ),
        ({"q": "MASH", "owner": "Early Help"}, "with the words “MASH”"),
        ({"standing": "purple"}, "Every action"),
        ({"sort": "due"}, "Every action"),
    ],
)
def test_a_filtered_list_says_its_filter(councillor, asked, heading):
    body = councillor.get("/plan/", asked).content.decode()
    [said] = re.findall(r'<h2 id="actions">(.*?)</h2>', body)
    assert heading in said


def test_the_list_sorts_by_what_dates_mean_not_by_their_letters(councillor):
    response = councillor.get("/plan/", {"sort": "due"})
    first = response.context["table"].rows[0].record
    assert first.due.on == min(
        line.due.on for line in response.context["page"].lines if line.due.on
    )


def test_a_day_may_be_written_as_a_person_here_writes_it(councillor):
    body = councillor.get("/", {"as_at": "1/4/2017"}).content.decode()
    assert "You are looking at the position on <strong>1 April 2017</strong>" in body


def test_the_list_holds_every_action_on_one_page_and_sorting_stays_at_it(councillor):
    response = councillor.get("/plan/")
    assert len(list(response.context["table"].paginated_rows)) == Action.objects.count()
    assert "?sort=title#actions" in response.content.decode()


def test_a_search_finds_the_papers_own_words(councillor):
    rows = councillor.get("/plan/", {"q": "MASH"}).context["table"].rows
    assert "4.01b" in [row.record.reference for row in rows]


def test_an_unknown_filter_is_told(councillor):
    body = councillor.get("/plan/", {"standing": "purple"}).content.decode()
    assert "No action stands so: every standing is listed." in body


def test_the_list_exports_csv(councillor):
    response = councillor.get("/plan/", {"_export": "csv", "standing": "date_passed"})
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert {row["Standing"] for row in rows} == {"date passed, no update"}
    assert rows[0]["Reference"] == "1.01b"
    assert rows[0]["Due"] == "September 2016"
    assert rows[0]["Last day of the due date"] == "2016-09-30"
    assert rows[0]["Line of the paper"] == "1.01"
    assert all(row["Promised"] for row in rows)


def test_the_list_exports_xlsx(councillor):
    response = councillor.get("/plan/", {"_export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet.max_row == 1 + Action.objects.count()
    assert sheet.cell(2, 1).value == "1.01a"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_holds_no_formula(councillor, kind):
    Action.objects.filter(reference="1.01a").update(
        title='=HYPERLINK("http://127.0.0.1","x")', owner_role="@SUM\x0b(1)\uffff"
    )
    content = councillor.get("/plan/", {"_export": kind, "theme": "quality-of-practice"}).content
    if kind == "csv":
        row = next(csv.reader(io.StringIO(content.decode("utf-8-sig").partition("\n")[2])))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert {cell.data_type for cell in sheet[2]} <= {"inlineStr", "n", "s"}
        row = [cell.value for cell in sheet[2]]
    assert row[1].startswith("'=HYPERLINK")
    assert row[4] == "'@SUM\n(1)"


def test_other_export_formats_are_not_offered(councillor):
    response = councillor.get("/plan/", {"_export": "json"})
    assert response["Content-Type"].startswith("text/html")


def test_a_plan_that_is_not_there_is_named(sign_in, settings):
    settings.COUNCIL_PLAN = "no-such-plan"
    said = sign_in("data-admin").get("/plan/").content.decode()
    assert "No plan is called “no-such-plan”; there is improvement-plan-2016" in said
    response = sign_in("councillor").get("/judgements/adoption/")
    assert response.status_code == 404
    assert "No plan is called “no-such-plan”" in response.content.decode()
    assert "manage.py" not in sign_in("councillor").get("/plan/").content.decode()


def test_sign_in_with_a_wrong_password_says_so(nobody):
    response = nobody.post("/sign-in/", {"login": "councillor", "password": "wrong"})
    assert "do not match" in response.content.decode()


def test_sign_out_is_a_post(councillor):
    assert councillor.get("/sign-out/").status_code == 405
    assert councillor.post("/sign-out/").status_code == 302


def test_the_content_policy_is_strict(councillor):
    policy = councillor.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_about_the_data_lists_what_the_pages_show_and_counts_the_rest(councillor):
    before = councillor.get("/about-the-data/").context["page"]
    assert before.others == 0
    figure = Measurement.objects.at(position_on(2016, 10, 5)).for_area("336").first()
    shown = figure.series
    shown.pk, shown.code, shown.source = None, "held-beside", "A source of no page"
    beside = Indicator.objects.create(code="held-beside", title="Beside", polarity="neither")
    shown.indicator = beside
    shown.save()
    figure.pk, figure.series = None, shown
    figure.save()

    response = councillor.get("/about-the-data/")
    page = response.context["page"]
    assert (page.figures, page.others) == (before.figures, 1)
    assert page.series == before.series
    assert "A source of no page" not in response.content.decode()
    assert "Of 1 more series figures may be held" in response.content.decode()
