"""Django's admin: behind our own sign-in, for those who may, to look and not to change."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import User
from performance.models import Area, Indicator, Measurement, Series

pytestmark = pytest.mark.django_db

MODELS = [
    "area", "comparatorgroup", "indicator", "load", "measurement", "referenceevent", "series",
    "target",
]  # fmt: skip


@pytest.fixture
def data_admin(sign_in):
    return sign_in("data-admin")


def test_it_holds_these_and_nothing_else():
    registered = sorted(model._meta.label_lower for model in admin.site._registry)
    assert registered == [f"performance.{name}" for name in MODELS]


@pytest.mark.parametrize("name", MODELS)
def test_a_list_opens_and_offers_no_change(data_admin, name):
    response = data_admin.get(f"/admin/performance/{name}/")
    assert response.status_code == 200
    body = response.content.decode()
    assert f"/admin/performance/{name}/add/" not in body
    assert "action-checkbox" not in body


@pytest.mark.parametrize("name", MODELS)
def test_nothing_is_added_changed_or_deleted(data_admin, name):
    area = Area.objects.first()
    assert data_admin.get(f"/admin/performance/{name}/add/").status_code == 403
    superuser = User.objects.create_superuser("chief")
    data_admin.force_login(superuser)
    assert data_admin.post(f"/admin/performance/{name}/add/", {}).status_code == 403
    where = f"/admin/performance/area/{area.pk}"
    assert data_admin.post(f"{where}/change/", {"name": "x"}).status_code == 403
    assert data_admin.post(f"{where}/delete/", {"post": "yes"}).status_code == 403
    area.refresh_from_db()
    assert area.name != "x"


def test_one_row_opens(data_admin):
    one = Indicator.objects.first()
    response = data_admin.get(f"/admin/performance/indicator/{one.pk}/change/")
    assert response.status_code == 200
    assert 'name="_save"' not in response.content.decode()


def test_the_signed_out_go_to_our_own_sign_in(nobody):
    for where in ("/admin/", "/admin/performance/area/", "/admin/login/"):
        response = nobody.get(where, follow=True)
        last, _ = response.redirect_chain[-1]
        assert last.startswith("/sign-in/?next="), where
        assert "Forgotten your password?" in response.content.decode()


@pytest.mark.parametrize("role", ["councillor", "director", "scrutiny-officer"])
def test_it_is_closed_to_the_other_roles(sign_in, role):
    assert sign_in(role).get("/admin/", follow=True).status_code == 403


def test_no_password_is_changed_there(data_admin):
    assert data_admin.get("/admin/password_change/").status_code == 404
    assert "assword" not in data_admin.get("/admin/").content.decode()


def test_it_keeps_the_strict_policy(data_admin):
    response = data_admin.get("/admin/performance/measurement/")
    assert "unsafe" not in response["Content-Security-Policy"]
    body = response.content.decode()
    assert "<style" not in body
    assert " style=" not in body


def test_the_list_of_measurements_is_not_counted_whole(data_admin):
    where = "/admin/performance/measurement/"
    data_admin.get(where)
    with CaptureQueriesContext(connection) as captured:
        assert data_admin.get(where).status_code == 200
    counts = [query["sql"] for query in captured if "COUNT(" in query["sql"]]
    assert counts
    assert all("LIMIT 10000" in sql for sql in counts)
    assert len(captured) <= 8


def test_a_search_finds_the_measurements_of_a_series(data_admin):
    body = data_admin.get("/admin/performance/measurement/", {"q": "looked-after-number.council"})
    known = Measurement.objects.filter(series__code="looked-after-number.council").count()
    assert body.context["cl"].result_count == known > 0


def test_no_measurement_of_a_series_under_the_local_rule_is_there(data_admin):
    series = Series.objects.get(code="looked-after-number.council")
    one = series.measurements.first()
    where = "/admin/performance/measurement/"
    assert data_admin.get(f"{where}{one.pk}/change/").status_code == 200
    Series.objects.filter(pk=series.pk).update(suppression="local_threshold", threshold=5)
    assert data_admin.get(f"{where}{one.pk}/change/").status_code == 302
    assert data_admin.get(where, {"q": series.code}).context["cl"].result_count == 0
