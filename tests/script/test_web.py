import json
import os
import socket
import subprocess
import sys

import pytest
import web
from bootstrap import StopHere


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_FOLDER", str(tmp_path))
    return tmp_path


def test_free_port_that_was_asked_for_and_is_taken_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StopHere, match=f"Port {port} is taken: choose another"):
            web.free_port(port)
    assert web.free_port(port) == port


def test_free_port_passes_over_a_taken_one(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(web, "FIRST_PORT", port)
        assert port < web.free_port(None) < port + web.PORTS


@pytest.mark.parametrize("kept", ["", "nonsense", "[]", '{"session": "x", "port": 1}', "{}"])
def test_record_that_is_damaged_counts_as_none(state, kept):
    (state / "web.json").write_text(kept)
    assert web.running_at() is None
    assert web.processes() == []
    assert web.stop() is False


def test_another_program_with_the_recorded_number_is_left_alone(state):
    sleeper = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    )
    try:
        (state / "web.json").write_text(json.dumps({"session": sleeper.pid, "port": 1}))
        assert web.running_at() is None
        assert web.stop() is False
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_workers_that_outlive_their_master_are_found_and_stopped(state):
    words = (
        "import os, sys, time\n"
        "if os.fork() == 0: time.sleep(60)\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    master = subprocess.Popen(
        [sys.executable, "-c", words, "dashboard.wsgi"],
        start_new_session=True,
        stdout=subprocess.PIPE,
    )
    assert master.stdout is not None
    master.stdout.readline()
    (state / "web.json").write_text(json.dumps({"session": master.pid, "port": 1}))
    assert web.running_at() == 1
    os.kill(master.pid, 9)
    master.wait()
    master.stdout.close()

    assert web.running_at() is None
    assert len(web.processes()) == 1
    assert web.stop() is True
    assert web.processes() == []
