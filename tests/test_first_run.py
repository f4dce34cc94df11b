"""docs/first-run.md, walked from an empty database as a council of another name."""

import csv
import html
import io
import lzma
import re
import shutil
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.test import Client

from improvement.importer import layouts as plan_layouts
from performance.importer import layouts
from performance.importer.published_maps import LAYOUTS as PUBLISHED_LAYOUTS
from performance.models import Measurement
from tests.conftest import NATIONAL, PROJECT

STARTER = PROJECT / "fixtures" / "starter"
PASSWORD = "Plum-barge-7-lantern"
REFERRALS = "c1_children_in_need_referrals_and_rereferrals_2013_to_2025"
LOOKED_AFTER = "cla_number_and_rate_per_10k_children_2025"
CARE_LEAVERS = "la_care_leavers_activity"
# What Leeds adds to its spreadsheets; the plan itself is of the tests' own making.
OWN_ROWS = {
    "targets": "re-referrals.dfe,383,2024-04-01,2025-03-31,2024/25,,22,,The plan,The council,"
    "2026-01-05,stated",
    "papers": "our-plan,The plan as the panel had it,Leeds City Council,2026-01-14,2026-01,"
    "2026-01-05,stated,,,,",
    "plans": "plan-of-2026,A plan for the tests,ilacs-2023,2026-01-01,,our-plan",
    "themes": "1,front-door,The front door,Front door,,Children’s social work",
    "bullets": "1.01,1,1,A first promise.,action,1.01,,,,,",
    "actions": "1.01,1.01,A first promise,A first promise.,help-and-protection,action,"
    "Children’s social work,,,2099-10,,stated,,re-referrals,",
}


@pytest.fixture
def empty_site(db, settings, monkeypatch):
    """Leeds' settings, and nothing in the database: what the suite holds comes back afterwards."""
    settings.COUNCIL_CODE, settings.COUNCIL_NAME = "383", "Leeds"
    settings.SITE_TITLE = "Children’s services in Leeds"
    settings.POSITION_DATE, settings.DEMONSTRATION_NOTICE = None, ""
    monkeypatch.setenv("PERSON_PASSWORD", PASSWORD)
    call_command("flush", interactive=False, verbosity=0)
    yield
    ContentType.objects.clear_cache()


def run(*words, **options):
    said = io.StringIO()
    call_command(*words, stdout=said, stderr=said, **options)
    return said.getvalue()


def published(folder, files):
    """The national folder, with only these of DfE's published files."""
    shutil.copytree(NATIONAL, folder)
    for name in ("dfe_files", "dfe_maps"):
        with (folder / f"{name}.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for row in rows if row["file"].removesuffix(".csv") in files)
    return folder


def in_the_file(name, column, **cells):
    """The cell of Leeds in 2025, as DfE's file has it."""
    text = lzma.decompress((NATIONAL / "dfe" / f"{name}.csv.xz").read_bytes()).decode("utf-8-sig")
    (cell,) = [
        row[column]
        for row in csv.DictReader(io.StringIO(text))
        if row["old_la_code"] == "383" and row["time_period"] == "2025"
        and cells.items() <= row.items()
    ]  # fmt: skip
    return cell


def person(role):
    run("add_person", role, role=role)
    client = Client()
    assert client.login(username=role, password=PASSWORD)
    return client


def words(client, address):
    """The text of the page, which must be there."""
    page = client.get(address)
    assert page.status_code == 200, address
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def crawl(client, start="/"):
    """Every page that can be reached from the start, by its address."""
    found, waiting = {}, [start]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        # One's own sign-in asks for the password once more, on a page of its own.
        page = client.get(address, follow=address.startswith("/account/"))
        assert page.status_code == 200, address
        found[address] = text = b"".join(page).decode(errors="replace")
        if "html" in page["Content-Type"]:
            links = re.findall(r'href="(/[^"#]*)', text)
            waiting += [html.unescape(one) for one in links if not one.startswith("/static/")]
    return found


def fill_in(council):
    for name, row in OWN_ROWS.items():
        with (council / f"{name}.csv").open("a") as file:
            file.write(row + "\n")


def load_the_national_part(national, admin):
    assert "Next: Areas, neighbours and the national indicators." in words(admin, "/")
    assert "3407 describe areas" in run("load_performance", national, commit=True)
    assert "Leeds (383) is known, with 2 lists of neighbours." in words(admin, "/")
    assert "Next: The figures." in words(admin, "/plan/")
    run("load_published_files", national, commit=True)
    assert "Next: Ofsted’s frameworks and judgements." in words(admin, "/")
    assert "39 rows read: 39 new" in run("load_plan", national, commit=True)
    assert "Next: The plan. No plan is held." in words(admin, "/")


def check_three_figures(councillor):
    """As DfE's own files have them, on the pages of the judgements that they speak to."""
    again = in_the_file(REFERRALS, "rereferral_percent")
    assert f"Re-referrals : {again}% in 2024/25" in words(councillor, "/")
    assert "its target of no more than 22%" in words(councillor, "/")
    children = in_the_file(LOOKED_AFTER, "children_count",
        population_type="Children looked after on 31 March each year")  # fmt: skip
    said = words(councillor, "/judgements/in-care/")
    assert f"{Decimal(children):,} on 31 March 2025" in said
    working = in_the_file(CARE_LEAVERS, "care_leaver_percent", care_leaver_age="19 to 21 years",
        breakdown="Total in education, employment or training")  # fmt: skip
    assert f"{working}% in 2024/25" in words(councillor, "/judgements/care-leavers/")


FEW = [REFERRALS, LOOKED_AFTER, CARE_LEAVERS]
EVERY = [path.name.removesuffix(".csv.xz") for path in (NATIONAL / "dfe").glob("*.xz")]


@pytest.mark.parametrize(
    "files",
    [pytest.param(FEW, id="three"), pytest.param(EVERY, id="every", marks=pytest.mark.slow)],
)
def test_another_council_from_an_empty_database(empty_site, tmp_path, files):
    national = published(tmp_path / "national", files)
    council = shutil.copytree(STARTER, tmp_path / "council")
    run("sync_roles")
    admin, councillor = person("data-admin"), person("councillor")
    for address in ("/", "/plan/"):
        said = words(councillor, address)
        assert "This dashboard has nothing to show yet" in said
        assert "the council’s data admin loads them" in said
        assert "manage.py" not in said
    load_the_national_part(national, admin)
    figures = Measurement.objects.current().for_area("383").count()
    assert "The figures are here; the plan is not yet" in words(councillor, "/")
    assert f"{figures} figures of Leeds can be read" in words(councillor, "/plan/")
    assert crawl(councillor).keys() >= {"/", "/plan/", "/about-the-data/", "/glossary/"}
    with pytest.raises(CommandError, match="1 problem; nothing was loaded"):
        run("load_plan", council)
    fill_in(council)
    assert "1 row read: 1 new" in run("load_performance", council, commit=True)
    run("load_plan", council, commit=True)
    check_three_figures(councillor)
    pages = crawl(councillor)
    assert pages.keys() >= {"/plan/actions/1.01/", "/judgements/leaders/"}
    for address, text in pages.items():
        # Its charts name every other council, the demonstration's among them.
        said = re.sub(r'<section class="chart".*?</section>', "", text, flags=re.S)
        assert not re.search("wolverhampton|city of|demonstration|2016 report", said, re.I), address
        assert "Leeds" in text or "_export" in address, address


def test_a_plan_that_a_setting_asks_for_in_vain(empty_site, settings):
    settings.COUNCIL_PLAN = "plan-of-2025"
    run("sync_roles")
    assert "No plan is held." in words(person("data-admin"), "/")


def test_a_code_that_no_area_has(empty_site, settings):
    settings.COUNCIL_CODE = "999"
    run("sync_roles")
    run("load_performance", NATIONAL, commit=True)
    assert "No area has the code 999: mend COUNCIL_CODE" in words(person("data-admin"), "/")


def header(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return next(csv.reader(file))


def test_the_starter_folder_has_the_columns_that_the_loads_ask_for():
    known = {one.file: set(one.columns) for one in layouts.LAYOUTS + plan_layouts.LAYOUTS}
    for path in STARTER.glob("*.csv"):
        assert set(header(path)) == known[path.name], path.name
    # What the starter leaves out is in the national folder, whole.
    national = {path.name for path in NATIONAL.glob("*.csv")}
    assert national | {path.name for path in STARTER.glob("*.csv")} == (
        known.keys() | {one.file for one in PUBLISHED_LAYOUTS}
    )


def test_every_national_indicator_speaks_to_a_judgement_in_the_starter():
    def column(path, name):
        with path.open(newline="") as file:
            return {row[name] for row in csv.DictReader(file)}

    spoken = column(STARTER / "evidence.csv", "indicator")
    assert spoken == column(NATIONAL / "indicators.csv", "code")


def test_nothing_national_is_the_first_councils_own():
    for name in ("indicators", "series", "judgements"):
        text = (NATIONAL / f"{name}.csv").read_text()
        assert not re.search("wolverhampton|the paper|council’s report", text, re.I), name
