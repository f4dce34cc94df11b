"""The bytes of a file that was given and not loaded are kept for a day."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from performance.models import Load

pytestmark = pytest.mark.django_db


def given(hours_ago):
    load = Load.objects.create(
        file_name="quarter.csv", sha256="1" * 64, format="own", content=b"series,period,value"
    )
    at = timezone.now() - timedelta(hours=hours_ago)
    Load.objects.filter(pk=load.pk).update(received_at=at)
    return load


def test_the_bytes_of_a_day_ago_are_forgotten_and_younger_ones_kept(capsys):
    old, young = given(24.1), given(23.9)
    call_command("forget_uploads")
    for load in (old, young):
        load.refresh_from_db()
    assert (old.state, old.content) == (Load.State.LAPSED, None)
    assert (young.state, bytes(young.content)) == (Load.State.SCREENED, b"series,period,value")
    assert capsys.readouterr().out == "The bytes of 1 file were forgotten.\n"


def test_it_may_be_run_again(capsys):
    call_command("forget_uploads")
    assert capsys.readouterr().out == "The bytes of 0 files were forgotten.\n"
