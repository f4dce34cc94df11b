"""What the tests of an officer's pages send, and how they read a page."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from measuring.budgets import count_beyond

MINE = "/plan/my-updates/"
ALL = "/plan/my-updates/all/"
FORM = "/plan/actions/5.13/update/"
DRAFT = "/plan/actions/5.13/draft/"
CHANGED = "The draft strategy went to the board."
# Who may not say how an action of the officer's stands.
OTHERS = ["councillor", "chair", "scrutiny-officer", "data-admin"]


def carried(client, address: str = FORM) -> dict[str, str]:
    """What a form that is opened now carries along."""
    form = client.get(address).context["form"]
    return {
        name: str(form[name].value())
        for name in ("opened_at", "submission", "revision", "typed_by")
    }


def filled(client, address: str = FORM, **more: Any) -> dict[str, Any]:
    return {"status": "on_track", "narrative": CHANGED, **carried(client, address), **more}


def text_of(answer) -> str:
    """The page's words, without its tags."""
    body = answer.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def box(answer, name: str) -> str:
    body = answer.content.decode()
    return unescape(
        re.search(rf'<textarea name="{name}".*?>(.*?)</textarea>', body, re.S)[1]
    ).strip()


def problem(answer, name: str) -> str:
    """What stands at the box and in the summary."""
    [said] = answer.context["form"].errors.get(name, [""])
    if said:
        assert text_of(answer).count(said) == 2, said
    return said


def rows(client, address: str) -> int:
    """How many rows the page reads from the database."""
    client.get(address)
    counted = []

    def count(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        counted.append(max(context["cursor"].rowcount, 0) if sql.startswith("SELECT") else 0)
        return result

    with connection.execute_wrapper(count):
        assert client.get(address).status_code == 200
    return sum(counted)


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return count_beyond(query["sql"] for query in captured.captured_queries)
