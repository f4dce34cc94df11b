"""Broken files: each loads as what it says, or is refused in a sentence; nothing else happens.

`--broken-files 2000 --seed 7` says how many and which. The truth is a plain second reading.
"""

import faulthandler
import re
from dataclasses import replace
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from dashboard.models import User
from performance.importer.incoming import Source
from performance.importer.loading import Options, confirm, screen
from performance.importer.own_export import write_export
from performance.importer.problems import LoadRefused
from performance.importer.screening_report import ScreeningReport
from performance.models import Area, Load, Measurement
from tests.conftest import position_on
from tests.performance.importer import good_files
from tests.performance.importer.mutator import break_file
from tests.performance.importer.naive_own import Figure, Place
from tests.performance.load_factories import read
from tests.prints import print_of

pytestmark = pytest.mark.django_db

LOADS = "/performance/loads/"
EVERY, AT_ONCE, ALSO_BY_WEB = 2_000, 25, 10
# No file may take longer; the whole run then ends, and says where it stood.
SECONDS = 300
# The words of Python and of the database, which are nobody's sentence.
NOT_A_SENTENCE = re.compile(
    r"Traceback|Error\b|Exception|<class|object at 0x|\bNone\b|Decimal\(|datetime|psycopg|b'|"
    r"the database cannot hold|\\x|\\u"
)


def pytest_generate_tests(metafunc):
    """Some files at each run, and the rest of the two thousand among the slow tests."""
    if "first" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--broken-files", default=None)
        count = asked or 150
        slow = range(count, count if asked else EVERY, AT_ONCE)
        chunks = [
            pytest.param(first, min(AT_ONCE, count - first)) for first in range(0, count, AT_ONCE)
        ]
        chunks += [pytest.param(first, AT_ONCE, marks=pytest.mark.slow) for first in slow]
        metafunc.parametrize(("first", "count"), chunks)


@cache
def goods_of_the_project():
    return [*good_files.own_csvs(), *good_files.own_workbooks(), *good_files.published()]


@pytest.fixture
def goods(db):
    head, *rows = write_export(position_on(2016, 10, 5), Area.objects.get(code="336"))
    # DfE's figures are on record from later releases.
    rows = [head, *(row for row in rows if row[1].endswith(".council"))]
    return [*goods_of_the_project(), *good_files.export(rows)]


@pytest.fixture
def admin(db):
    return User.objects.get(username="data-admin")


@pytest.fixture
def client_of_admin(sign_in):
    return sign_in("data-admin")


@pytest.fixture
def seed(request):
    return request.config.getoption("--seed", default=20161005)


def loaded_figures(load):
    """The figures that the load brought, or found on record as it gives them."""
    rows = Measurement.objects.filter(load=load) | Measurement.objects.filter(
        repeated_by__contains=[load.pk]
    )
    return {
        Place(row.series.code, row.area.code, row.period_start, row.period_end): Figure(
            row.value, row.symbol, row.numerator, row.denominator, row.note
        )
        for row in rows.select_related("series", "area")
    }


def differences(found, truth):
    """Where the record and the truth part; what a file does not give may stand as it is."""
    wrong = [f"missing: {place}" for place in truth.keys() - found.keys()]
    wrong += [f"not in the file: {place}" for place in found.keys() - truth.keys()]
    for place in truth.keys() & found.keys():
        for name, told, held in zip(Figure._fields, truth[place], found[place], strict=True):
            if told is not None and told != held:
                wrong.append(f"{place}: {name} is {held!r} and the file says {told!r}")
    return wrong


def complaints(report):
    """What is wrong with the sentences of a refusal."""
    if not report.problems:
        return ["refused without a problem"]
    said = [problem.expected for problem in report.problems]
    return [
        f"no sentence: {one!r}" for one, problem in zip(said, report.problems, strict=True)
        if len(one.split()) < 3 or not str(problem).isprintable() or NOT_A_SENTENCE.search(one)
    ]  # fmt: skip


def try_one(broken, by, before):
    """What became of the file, and everything that is wrong with that; `before` is the record's
    print."""
    load = screen(
        Source(broken.name, broken.content), by=by, options=Options(**broken.good.options)
    )
    if load.state == Load.State.SCREENED:
        try:
            confirm(load, by=by, reason="a test")
        except LoadRefused as refused:
            return "refused", [f"screened, and then {refused.problems}"]
        if broken.figures is None:
            return "loaded", ["loaded, and the second reading finds it wrong"]
        return "loaded", differences(loaded_figures(load), broken.figures)
    wrong = complaints(ScreeningReport.from_json(load.report))
    if print_of(Measurement) != before:
        wrong.append("half loaded")
    if broken.must_load:
        wrong.append(f"refused: {load.report['problems'][:1]}")
    return "refused", wrong


def try_by_web(broken, client):
    """The same through the pages: what their states say that should not be said."""
    options = {name: str(given) for name, given in broken.good.options.items()}
    file = SimpleUploadedFile(broken.name, broken.content)
    page = client.post(f"{LOADS}new/", {**options, "file": file}, follow=True)
    wrong = [] if page.status_code == 200 else [f"{page.status_code} for the file"]
    load = Load.objects.order_by("pk").last()
    if page.redirect_chain and load.state == Load.State.SCREENED:
        page = client.post(f"{LOADS}{load.pk}/confirm/", read(load, reason="a test"), follow=True)
        if page.status_code != 200 or Load.objects.get(pk=load.pk).state != Load.State.LOADED:
            wrong.append(f"{page.status_code} and not loaded by the pages")
    return wrong


def test_broken_files(goods, admin, client_of_admin, seed, first, count, record_property):
    # Each file is taken back, so the record is the same before each.
    wrong, became, before = [], [], print_of(Measurement)
    for number in range(first, first + count):
        broken = break_file(goods, seed, number)
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        with transaction.atomic():
            state, found = try_one(broken, admin, before)
            transaction.set_rollback(True)
        if number % ALSO_BY_WEB == 0:
            with transaction.atomic():
                found += try_by_web(broken, client_of_admin)
                transaction.set_rollback(True)
        faulthandler.cancel_dump_traceback_later()
        became.append((broken.mutation, state))
        wrong += [f"{broken}: {one}" for one in found]
    record_property("broken_files", became)
    assert not wrong, "\n".join([f"seed {seed}", *wrong])


def test_the_good_files_load_as_the_second_reading_says(goods, admin):
    for good in goods:
        with transaction.atomic():
            load = screen(
                Source(good.name, good.content), by=admin, options=Options(**good.options)
            )
            assert load.state == Load.State.SCREENED, (good.name, load.report["problems"])
            confirm(load, by=admin, reason="a test")
            found = loaded_figures(load)
            assert len(found) > 15
            assert differences(found, good.figures) == [], good.name
            transaction.set_rollback(True)


def test_a_file_of_a_seed_is_the_same_each_time(goods):
    written_anew = [replace(good) for good in goods]
    for number in range(100):
        one, again = break_file(goods, 7, number), break_file(written_anew, 7, number)
        assert (one.mutation, one.done, one.name) == (again.mutation, again.done, again.name)
        assert one.content == again.content, one.mutation
    assert break_file(goods, 7, 3).content != break_file(goods, 8, 3).content
