"""A Chromium for the browser tests: found on this machine, or fetched by what the machine has."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bootstrap import PROJECT, PYTHON, say, state_file

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS_TO_FETCH = 300
UNPACK = """
import chromium from "@sparticuz/chromium";
console.log(await chromium.executablePath());
"""


def _quietly(command: list[str], **options: object) -> str | None:
    """What the command printed, or None when it is missing, fails or takes too long."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=SECONDS_TO_FETCH, **options
        )  # type: ignore[call-overload]
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _works(path: str | None) -> bool:
    return bool(path) and "Chrom" in (_quietly([str(path), "--version"]) or "")


def from_environment() -> str | None:
    return os.environ.get("CHROMIUM")


def from_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def from_playwright() -> str | None:
    """Playwright's own, where it is already."""
    asked = "from playwright.sync_api import sync_playwright as s\nwith s() as p: "
    told = _quietly([str(PYTHON), "-c", asked + "print(p.chromium.executable_path)"])
    return told.strip() if told and Path(told.strip()).exists() else None


def fetched_by_playwright() -> str | None:
    _quietly([str(PYTHON), "-m", "playwright", "install", "chromium"])
    return from_playwright()


def fetched_from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quietly(["apt-get", "update"], env=quiet)
    _quietly(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], env=quiet)
    return from_path()


def fetched_by_npm() -> str | None:
    """The build that npm carries for servers without a browser; it needs no rights on them."""
    if not (shutil.which("npm") and shutil.which("node")):
        return None
    folder = state_file("npm-chromium")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "@sparticuz" / "chromium").exists():
        install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder)]
        if _quietly([*install, "@sparticuz/chromium"]) is None:
            return None
    (folder / "unpack.mjs").write_text(UNPACK)
    # It unpacks into the temporary folder; this one is kept, and this user's alone.
    into = {**os.environ, "TMPDIR": str(folder)}
    told = _quietly(["node", "unpack.mjs"], cwd=folder, env=into)
    return told.strip() if told else None


WAYS: list[tuple[str, Callable[[], str | None]]] = [
    ("named by CHROMIUM", from_environment),
    ("found on the PATH", from_path),
    ("found where Playwright keeps its own", from_playwright),
    ("fetched by playwright install", fetched_by_playwright),
    ("installed from Debian", fetched_from_debian),
    ("fetched by npm", fetched_by_npm),
]


def find_browser() -> str | None:
    """The path of a Chromium that runs here, or None; says which was taken and how."""
    for how, way in WAYS:
        if _works(path := way()):
            say(f"Browser: {path}, {how}")
            return path
    return None


if __name__ == "__main__":
    os.chdir(PROJECT)
    sys.exit(0 if find_browser() else "No browser could be had.")
