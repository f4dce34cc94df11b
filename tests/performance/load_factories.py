"""Loads in each state, with made reports, and files as an admin gives them, for the tests of their
pages."""

import csv
import hashlib
import io
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from performance.importer.problems import Problem
from performance.importer.screening_report import FigureLine, ScreeningReport, SeriesCount
from performance.models import Load

LOADS = "/performance/loads/"
# Every role but the data admin's.
OTHERS = ["councillor", "chair", "officer", "theme-lead", "director", "scrutiny-officer"]
CHILDREN = "looked-after-number.council"
INTERVIEWS = "return-interviews-72-hours.council"
# On record are 638 children on 8 August 2016, and 46% for July 2016.
NEW = ([CHILDREN, "30 September 2016", "640"], [INTERVIEWS, "August 2016", "52"])
REVISED = [INTERVIEWS, "July 2016", "48"]


def quarter(*rows, head=("series", "period", "value")):
    """A file in our own layout; the quarter's new figures unless others are given."""
    out = io.StringIO()
    csv.writer(out).writerows([head, *(rows or NEW)])
    return out.getvalue().encode()


def give(client, content=None, name="quarter.csv", **words):
    """The page that an admin comes to who gave the file."""
    file = SimpleUploadedFile(name, quarter() if content is None else content)
    return client.post(f"{LOADS}new/", {**words, "file": file}, follow=True)


def read(load, **words):
    """What the form sends of somebody who has read the report that the load carries now."""
    return {"shown": Load.objects.get(pk=load.pk).report_print, **words}


def page_of(client, number):
    return client.get(f"{LOADS}{number}/").content.decode()


def take_away(*codenames):
    """The data admin's role without these permissions."""
    for group in person().groups.all():
        group.permissions.remove(*group.permissions.filter(codename__in=codenames))


def figure(number=0, **words):
    given = {"indicator": "Children in care", "series": "Council’s own count", "unit": "children",
             "area": "Wolverhampton", "period": f"30 September {2016 - number}", "old": "640",
             "new": "655", "last": "638", "last_period": "30 June 2016"}  # fmt: skip
    return FigureLine(**(given | words))


SUSPICIOUS = [
    figure(new="6550", why="ten_times"),
    figure(indicator="Re-referrals within twelve months of an earlier one", unit="%", old="",
           new="4", last="43.5", why="tenth", period="2016/17 quarter 2"),
    figure(indicator="Adopters approved", unit="adopters", new="12", last="9", why="outside"),
    figure(indicator="Care leavers in touch", unit="%", new="82", last="86", why="moved"),
    figure(indicator="Fostering places", unit="places", new="−", last="0", why="moved"),
]  # fmt: skip
PROBLEMS = [
    Problem("quarter.csv", 2, "area", "E0800031",
            "an area’s code was expected: did you mean “E08000031” Wolverhampton?"),
    Problem("quarter.csv", None, "", "", "the column “period” stands twice"),
    Problem("quarter.csv", 4, "value", "=1+1", "a number was expected"),
]  # fmt: skip


def person(name="data-admin"):
    return get_user_model().objects.get(username=name)


def make_load(state="screened", *, hours_ago=0, **words):
    """A load in that state; `report` may be given as a ScreeningReport."""
    made = Load.objects.count()
    report = words.pop("report", ScreeningReport(rows_read=3, new=2, unchanged=1))
    given = {
        "file_name": f"quarter-{made}.csv",
        "sha256": hashlib.sha256(str(made).encode()).hexdigest(),
        "size": 2048, "format": "own", "title": "Our own layout, CSV", "state": state,
        "received_by": person(), "rows_read": report.rows_read, "rows_new": report.new,
        "rows_revised": report.revised, "rows_unchanged": report.unchanged,
        "content": b"series,value\n" if state == "screened" else None,
    }  # fmt: skip
    if state in ("loaded", "withdrawn"):
        given |= {"loaded_at": timezone.now(), "released_at": timezone.now(), "loaded_by": person()}
    load = Load.objects.create(**(given | words), report=report.to_json())
    if hours_ago:
        at = timezone.now() - timedelta(hours=hours_ago)
        Load.objects.filter(pk=load.pk).update(received_at=at)
    return load


def full_report(**words):
    given = {
        "rows_read": 140, "new": 80, "unchanged": 48, "revised": 12, "not_covered": 5,
        "kept_hidden": 1, "notes": ["Two columns that are not ours were passed over."],
        "revisions": [figure(number) for number in range(12)], "revisions_total": 12,
        "movements": SUSPICIOUS, "suspicious_total": 3,
        "by_series": [SeriesCount("Children in care", "Council’s own count", 80, 12, 48)],
    }  # fmt: skip
    return ScreeningReport(**(given | words))


def refused_report(count=3):
    more = [Problem("quarter.csv", row, "value", f"x{row}", "a number was expected")
            for row in range(5, 2 + count)]  # fmt: skip
    problems = (PROBLEMS + more)[:1000]
    return ScreeningReport(rows_read=count, refused=count, problems=problems, problems_total=count)


def make_withdrawal(load, **words):
    Load.objects.filter(pk=load.pk).update(state="withdrawn")
    load.refresh_from_db()
    report = ScreeningReport(
        new=2, revised=1, revisions=[figure(old="655", new="640")], revisions_total=1,
        not_put_back=[figure(1, old="655", new="660")],
    )  # fmt: skip
    given = {"withdraws": load, "format": "withdrawal", "sha256": "", "report": report,
             "title": "", "reason": "The wrong quarter."}  # fmt: skip
    return make_load("loaded", **(given | words))


def every_state():
    """One load in each of the states that a page shows, by name."""
    loaded = make_load("loaded", report=full_report(), reason="Three late returns.")
    wrong = make_load("loaded", report=full_report())
    return {
        "screened": make_load(report=full_report()),
        "locked": make_load(report=full_report(locked=[figure()], locked_total=1)),
        "refused": make_load("refused", report=refused_report(140)),
        "loaded": loaded,
        "withdrawal": make_withdrawal(wrong),
        "withdrawn": wrong,
        "lapsed": make_load(hours_ago=25),
        "discarded": make_load("lapsed", options={
            "discarded_by": "data-admin", "discarded_at": "2016-10-05T10:00:00+00:00"}),
    }  # fmt: skip
