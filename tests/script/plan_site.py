"""A site of a test's own, with its PostgreSQL, that it may kill: a plan, and people who keep it."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.script.own_cluster import PROJECT, Cluster, children_of

SETTINGS = "tests.script.plan_site_settings"
# Everybody leads the one theme, so that everybody may say how each of its actions stands.
MAKE_PLAN = """
import json
from datetime import date
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from dashboard.signing_in.sessions import SEEN_AT, SIGNED_IN_AT
from improvement.models import Action, ActionJudgement, Framework, Judgement, Plan, Theme
framework = Framework.objects.create(
    slug="made-up", title="Made up", short_title="Made up", in_force_from=date(2015, 1, 1))
judgement = Judgement.objects.create(
    framework=framework, slug="made-up", order=1, title="Made up", short_title="Made up",
    kind=Judgement.Kind.values[0])
plan = Plan.objects.create(
    slug="made-up", title="Made up", framework=framework, starts_on=date(2016, 1, 1))
theme = Theme.objects.create(
    plan=plan, number=1, slug="made-up", title="Made up", short_title="Made up")
for place in range(1, ACTIONS + 1):
    action = Action.objects.create(
        theme=theme, reference=f"1.{place:02}", order=place, title=f"Action {place}",
        description="Made up.", kind="action", first_due_basis="not_stated",
        known_from=timezone.now())
    ActionJudgement.objects.create(action=action, judgement=judgement, is_main=True)
store = import_module(settings.SESSION_ENGINE).SessionStore
sessions = {}
roles = {f"person-{place}": "Theme lead" for place in range(PEOPLE)} | {"director": "Director"}
for username, role in roles.items():
    person = get_user_model().objects.create(username=username)
    person.groups.add(Group.objects.get(name=role))
    theme.leads.add(person)
    session = store()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[SIGNED_IN_AT] = session[SEEN_AT] = timezone.now().timestamp()
    session.save()
    sessions[person.username] = session.session_key
print("SESSIONS", json.dumps(sessions))
"""


class PlanCluster(Cluster):
    def environment(self, *, owner: bool = False) -> dict[str, str]:
        return super().environment(owner=owner) | {"DJANGO_SETTINGS_MODULE": SETTINGS}


def make_plan_cluster(
    folder: Path, people: int, actions: int
) -> tuple[PlanCluster, dict[str, str]]:
    """The cluster, and each person's session: `person-0` and on, and `director`."""
    folder.mkdir()
    cluster = PlanCluster(folder)
    cluster.server.start()
    cluster.run("migrate", "--verbosity", "0", owner=True)
    cluster.run("sync_roles")
    made = MAKE_PLAN.replace("PEOPLE", str(people)).replace("ACTIONS", str(actions))
    said = cluster.run("shell", "-c", made)
    line = next(line for line in said.splitlines() if line.startswith("SESSIONS "))
    return cluster, json.loads(line.removeprefix("SESSIONS "))


class Site:
    """Gunicorn on the cluster; `port` answers."""

    def __init__(self, cluster: Cluster, *, workers: int, threads: int = 1) -> None:
        self.cluster = cluster
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = cluster.folder / "web.log"
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(
                [
                    sys.executable, "-m", "gunicorn", "dashboard.wsgi", "--bind",
                    f"127.0.0.1:{self.port}", "--workers", str(workers), "--threads",
                    str(threads), "--timeout", "120", "--no-control-socket",
                ],
                cwd=PROJECT, env=cluster.environment(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                if Browser(self, "").get("/readyz/").status == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text()[-2000:])

    def kill_workers(self) -> None:
        """Each worker at once, as the kernel would that is short of memory; the master lives."""
        for worker in children_of(self.master.pid):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    def stop(self) -> None:
        self.master.terminate()
        try:
            self.master.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.master.kill()
            self.master.wait()


@contextmanager
def running_site(cluster: Cluster, *, workers: int, threads: int = 1) -> Iterator[Site]:
    site = Site(cluster, workers=workers, threads=threads)
    try:
        site.wait()
        yield site
    finally:
        site.stop()


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.location = response.headers.get("Location", "")
        self.body = response.read().decode()
        self.cookies = [
            value.partition(";")[0] for name, value in response.getheaders()
            if name.lower() == "set-cookie"
        ]  # fmt: skip


class Browser:
    """What a browser does of a form, over real HTTP, for one person."""

    def __init__(self, site: Site, session: str) -> None:
        self.site, self.session, self.token = site, session, secrets.token_hex(16)

    def _ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=120)
        try:
            cookies = f"sessionid={self.session}; csrftoken={self.token}"
            given = {"Cookie": cookies, "Host": f"127.0.0.1:{self.site.port}", **headers}
            if body is not None:
                given["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, given)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str | list[str]], **headers: str) -> Answer:
        sent = {**fields, "csrfmiddlewaretoken": self.token}
        return self._ask("POST", path, urlencode(sent, doseq=True), **headers)

    def open_form(self, path: str) -> dict[str, str]:
        """The fields that the form carries along."""
        answer = self.get(path)
        assert answer.status == 200, (path, answer.status, answer.location)
        return carried(answer.body)


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[given["name"]] = given.get("value") or ""


def carried(body: str) -> dict[str, str]:
    """The hidden fields of the update's form, and of no other form in the page's frame."""
    form = re.search(r"<form[^>]*data-update-form.*?</form>", body, re.S)
    parser = _Hidden()
    parser.feed(form.group(0) if form else body)
    parser.fields.pop("csrfmiddlewaretoken", None)
    return parser.fields
