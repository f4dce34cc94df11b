import prepare
import pytest
from django.core.management.base import CommandError

from dashboard.models import User
from improvement.models import Bullet
from performance.models import Measurement
from tests.conftest import PASSWORD


def test_static_files_are_collected_once_and_their_stamp_is_not_served(
    tmp_path, monkeypatch, settings
):
    source, static, state = (tmp_path / name for name in ("source", "served", "state"))
    for folder in (source, static, state):
        folder.mkdir()
    monkeypatch.setattr(prepare, "PROJECT", tmp_path)
    (tmp_path / "requirements.lock").touch()
    (source / "a.css").write_text("a {}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], static
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (static / ".made-from").write_text("an earlier version's")

    prepare.prepare_static_files(state)
    assert [file.name for file in static.iterdir()] == ["a.css"]

    (static / "a.css").unlink()
    prepare.prepare_static_files(state)
    assert list(static.iterdir()) == []

    (source / "b.css").write_text("b {}")
    prepare.prepare_static_files(state)
    assert sorted(file.name for file in static.iterdir()) == ["a.css", "b.css"]


@pytest.mark.slow
@pytest.mark.django_db
def test_a_demonstration_that_has_changed_is_loaded_afresh(monkeypatch, capsys):
    monkeypatch.setenv("DEMONSTRATION_PASSWORD", PASSWORD)
    people = User.objects.count()
    Measurement.objects.filter(note__startswith="SFR41").update(note="As an earlier release said.")
    prepare.load_demonstration()
    assert "loaded afresh" in capsys.readouterr().out
    assert not Measurement.objects.filter(note="As an earlier release said.").exists()
    assert (Bullet.objects.count(), User.objects.count()) == (127, people)


@pytest.mark.django_db
def test_a_demonstration_that_cannot_be_loaded_leaves_the_old_one(monkeypatch):
    monkeypatch.setenv("DEMONSTRATION_PASSWORD", "short")
    with pytest.raises(CommandError, match="at least 12 characters"):
        prepare.load_demonstration()
    assert Bullet.objects.count() == 127
