"""What a person sees of a file that the command has not loaded: it was killed, or is at work."""

import pytest

from performance.importer.loading import NotWaiting, confirm
from performance.importer.screening_report import ScreeningReport
from performance.models import Load
from tests.performance.load_factories import make_load

pytestmark = pytest.mark.django_db

LOADS = "/performance/loads/"
NOT_LOADED = "The command has not loaded this file"


@pytest.fixture
def cut_short(db):
    """As `load_file` writes it before it reads the file."""
    return make_load(received_by=None, content=None, report=ScreeningReport(), title="")


@pytest.fixture
def admin(sign_in):
    return sign_in("data-admin")


def test_cut_short_load_says_that_it_is_not_loaded(admin, cut_short):
    body = admin.get(f"{LOADS}{cut_short.pk}/").content.decode()
    assert NOT_LOADED in body
    assert "Not loaded</span>" in body
    assert "by a command of the server" in body
    assert "0 rows read" not in body
    assert "Give it again" in body


def test_cut_short_load_cannot_be_confirmed(admin, cut_short):
    body = admin.get(f"{LOADS}{cut_short.pk}/").content.decode()
    assert f"{LOADS}{cut_short.pk}/confirm/" not in body
    response = admin.post(f"{LOADS}{cut_short.pk}/confirm/", {"reason": "x"}, follow=True)
    assert "was not loaded: it waits no more" in response.content.decode()
    with pytest.raises(NotWaiting):
        confirm(cut_short, by=None)
    cut_short.refresh_from_db()
    assert cut_short.state == Load.State.SCREENED


def test_cut_short_load_cannot_be_discarded(admin, cut_short):
    """The command may be at work on it, and says itself what becomes of it."""
    response = admin.post(f"{LOADS}{cut_short.pk}/discard/", follow=True)
    assert (
        f"Load {cut_short.pk} was not discarded: the command is loading it, or was stopped before "
        "it was done."
    ) in response.content.decode()
    cut_short.refresh_from_db()
    assert (cut_short.state, cut_short.options) == (Load.State.SCREENED, {})


def test_cut_short_load_is_not_loaded_in_the_list(admin, cut_short):
    body = admin.get(LOADS).content.decode()
    assert '<span class="standing load-lapsed">not loaded</span>' in body
    assert "waits to be loaded" not in body


def test_cut_short_load_says_the_same_when_it_has_lapsed(admin, cut_short):
    Load.objects.filter(pk=cut_short.pk).update(state=Load.State.LAPSED)
    body = admin.get(f"{LOADS}{cut_short.pk}/").content.decode()
    assert NOT_LOADED in body
    assert "within 24 hours" not in body


def test_persons_screened_load_still_waits(admin):
    body = admin.get(f"{LOADS}{make_load().pk}/").content.decode()
    assert "Nothing has been loaded yet." in body
    assert NOT_LOADED not in body
