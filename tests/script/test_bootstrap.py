import fcntl
import os
import stat

import bootstrap
import pytest


def test_read_env_file_reads_what_a_shell_would(tmp_path):
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\n"
        "PLAIN=value\n"
        'QUOTED="two words; and more"\n'
        "export EXPORTED='one'\n"
        "BLANK=\n"
        "COMMENTED=value # the rest\n"
        "not a setting\n",
        encoding="utf-8",
    )
    assert bootstrap.read_env_file(file) == {
        "PLAIN": "value",
        "QUOTED": "two words; and more",
        "EXPORTED": "one",
        "BLANK": "",
        "COMMENTED": "value",
    }


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"COUNCIL_NAME=King's Lynn", "Line 2 of .* opens a quotation .*between double quotes"),
        (b"COUNCIL_NAME=Ynys M\xf4n", "Line 2 of .* is not UTF-8: save the file as UTF-8"),
    ],
)
def test_read_env_file_names_the_line_that_it_cannot_read(tmp_path, line, sentence):
    file = tmp_path / ".env"
    file.write_bytes(b"# ours\n" + line + b"\n")
    with pytest.raises(bootstrap.StopHere, match=sentence):
        bootstrap.read_env_file(file)


def test_read_env_file_takes_an_apostrophe_between_double_quotes(tmp_path):
    file = tmp_path / ".env"
    file.write_text('COUNCIL_NAME="King\'s Lynn"\n')
    assert bootstrap.read_env_file(file) == {"COUNCIL_NAME": "King's Lynn"}


def test_demonstration_env_says_that_it_is_one():
    read = bootstrap.read_env_file(bootstrap.DEMONSTRATION)
    assert read["DEMONSTRATION_NOTICE"].startswith("Demonstration from a 2016 public report")
    assert "SECRET_KEY" not in read


def test_kept_secret_is_made_once_for_this_user_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_FOLDER", str(tmp_path))
    assert bootstrap.kept_secret("secret", lambda: "first") == "first"
    assert bootstrap.kept_secret("secret", lambda: "second") == "first"
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_kept_secret_that_a_full_disk_left_empty_is_made_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_FOLDER", str(tmp_path))
    (tmp_path / "secret").touch()
    assert bootstrap.kept_secret("secret", lambda: "whole") == "whole"


def test_kept_secret_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_FOLDER", str(tmp_path))
    # One character that cannot be encoded fails in the write, as a full disk does.
    with pytest.raises(UnicodeEncodeError):
        bootstrap.kept_secret("secret", lambda: "half\udc80")
    assert list(tmp_path.iterdir()) == []


def test_kept_secret_is_not_read_through_a_link(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_FOLDER", str(tmp_path))
    (tmp_path / "other").write_text("somebody else's")
    (tmp_path / "secret").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic links"):
        bootstrap.kept_secret("secret", lambda: "made")


def test_one_at_a_time_locks_a_file_that_nobody_else_can_open(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_FOLDER", str(tmp_path / "state"))
    project = os.open(bootstrap.PROJECT, os.O_RDONLY)
    try:
        fcntl.flock(project, fcntl.LOCK_EX | fcntl.LOCK_NB)  # as any user who can read it may
        with bootstrap.one_at_a_time():
            lock = tmp_path / "state" / "script.lock"
            assert stat.S_IMODE(lock.stat().st_mode) == 0o600
            with lock.open() as again, pytest.raises(BlockingIOError):
                fcntl.flock(again, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(project)


def test_own_settings_win_over_the_demonstrations(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_FOLDER", str(tmp_path))
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setenv("COUNCIL_NAME", "Another council")
    given = bootstrap.environment()
    assert given["COUNCIL_NAME"] == "Another council"
    assert given["COUNCIL_CODE"] == bootstrap.read_env_file(bootstrap.DEMONSTRATION)["COUNCIL_CODE"]
    assert len(given["SECRET_KEY"]) >= 50
    assert len(given["DEMONSTRATION_PASSWORD"]) >= 12


def test_site_with_settings_of_its_own_is_no_demonstration(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    monkeypatch.delenv("SECRET_KEY")
    assert bootstrap.is_demonstration()
    (tmp_path / ".env").write_text("SECRET_KEY=of-our-own\n")
    assert not bootstrap.is_demonstration()


def test_missing_venv_module_names_the_package(monkeypatch):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bootstrap.StopHere, match=r"apt-get install python3\.\d+-venv\)"):
        bootstrap._make_venv()


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (bootstrap.StopHere("Do this."), "Do this."),
        (OSError(28, "No space left on device", "/x"), "/x cannot be used (No space left"),
    ],
)
def test_what_goes_wrong_is_one_sentence(problem, sentence):
    def main(words: list[str]) -> int:
        raise problem

    with pytest.raises(SystemExit) as ended:
        bootstrap.run_script(main)
    assert str(ended.value.code).startswith(sentence)
    assert "\n" not in str(ended.value.code)
