import prepare


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
