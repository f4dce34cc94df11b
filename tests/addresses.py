"""Every address of the site, and who may open it and send to it: the table.

`tests/test_every_address.py` reads the addresses from the URL configuration itself, so one that
has no row here fails. A row says the arguments, who opens it (GET) and who may send to it (POST);
everybody else who has signed in is refused, and who has not is sent to sign in. One name may have
several rows: an action of one's own, and one of another theme.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dashboard.roles import ROLES
from improvement.changes import ask_removal
from performance.models import (
    Annotation,
    Area,
    ComparatorGroup,
    Load,
    PeriodLock,
    Target,
)
from tests.improvement.conftest import NOW, ON

# Who: the roles by what they come to do. A new role is put where it belongs.
EVERYBODY = {role.slug for role in ROLES}
MEMBERS = {"councillor", "chair"}
OFFICERS = {"officer", "theme-lead", "director"}
DATA = {"data-admin"}
NOBODY: set[str] = set()
ACTIVITY = {"theme-lead", "director", "scrutiny-officer"}
ASKERS = OFFICERS | {"scrutiny-officer"}
DECIDERS = {"director", "scrutiny-officer"}
LOADS = {"director", "scrutiny-officer", "data-admin"}
EXPLAINERS = OFFICERS | DATA

# A row’s `takes` where the address takes nothing, whoever sends: 405.
NOTHING = None


@dataclass(frozen=True)
class Row:
    """`opens` and `takes` get `answer` and `answer_sent` (an empty form is shown again with what is
    wrong, or an act is done and leads on). `is_for_all` is open to who has not signed in."""

    name: str
    opens: set[str] | None
    takes: set[str] | None = NOTHING
    args: Callable[[], tuple[Any, ...]] = tuple
    query: str = ""
    answer: int = 200
    answer_sent: int = 200
    refused: int = 403
    is_for_all: bool = False

    def address(self) -> str:
        return reverse(self.name, args=self.args()) + self.query


def of(*args: Any) -> Callable[[], tuple[Any, ...]]:
    return lambda: args


def first(model: Any, **asked: Any) -> Callable[[], tuple[Any, ...]]:
    return lambda: (model.objects.filter(**asked).order_by("pk").values_list("pk", flat=True)[0],)


def a_lock() -> tuple[int]:
    from dashboard.models import User

    made = PeriodLock.objects.create(
        period_start="2015-01-01", period_end="2015-01-31", reason="Agreed.",
        locked_by=User.objects.get(username="data-admin"),
    )  # fmt: skip
    return (made.pk,)


def a_note() -> tuple[int]:
    from dashboard.models import User

    made = Annotation.objects.create(
        kind="period", area=Area.objects.get(code="336"), words="Counted anew.",
        made_by=User.objects.get(username="officer"), period_start="2016-01-01",
        period_end="2016-01-31", period_label="January 2016", known_from=NOW,
    )  # fmt: skip
    return (made.pk,)


def a_removal() -> tuple[int]:
    """Asked for by somebody who has left no role that is tried."""
    from dashboard.models import User

    by = User.objects.create_user("who-asked")
    made = ask_removal(words="recruitment", reason="A name.", by=by, on=ON, now=NOW)
    return (made.pk,)


SERIES = "looked-after-number.council"

ROWS = [
    Row("overview", EVERYBODY),
    Row("judgement", EVERYBODY, args=of("looked-after-children")),
    Row("glossary", EVERYBODY),
    Row("about-the-data", EVERYBODY),
    Row("sign-in", EVERYBODY, EVERYBODY, answer=302, answer_sent=302, is_for_all=True),
    Row("sign-out", None, EVERYBODY, answer_sent=302, is_for_all=True),
    Row("healthz", EVERYBODY, EVERYBODY, is_for_all=True),
    Row("readyz", EVERYBODY, EVERYBODY, is_for_all=True),
    # The plan, as members read it
    Row("improvement:plan", EVERYBODY),
    Row("improvement:theme", EVERYBODY, args=of("early-help")),
    Row("improvement:action", EVERYBODY, args=of("5.13")),
    # The record
    Row("improvement:activity", ACTIVITY),
    Row("improvement:removals", ASKERS),
    Row("improvement:removal-ask", ASKERS, ASKERS),
    Row("improvement:removal", ASKERS, DECIDERS, args=a_removal),
    # Figures
    Row("performance:indicators", EVERYBODY),
    Row("performance:indicator", EVERYBODY, args=of("looked-after-number")),
    Row("performance:data-quality", LOADS),
    Row("performance:annotation-add", EXPLAINERS, EXPLAINERS, query=f"?series={SERIES}"),
    Row("performance:annotation-close", EXPLAINERS, EXPLAINERS, args=a_note),
    # Loads
    Row("performance:loads", LOADS),
    Row("performance:load-new", DATA, DATA),
    Row("performance:locks", DATA, DATA),
    Row("performance:lock-lift", DATA, DATA, args=a_lock),
    Row("performance:load", LOADS, args=first(Load, state="loaded")),
    Row("performance:load-problems", DATA, args=first(Load, state="loaded")),
    Row("performance:load-confirm", None, DATA, args=first(Load, state="loaded"), answer_sent=302),
    Row("performance:load-discard", None, DATA, args=first(Load, state="loaded"), answer_sent=302),
    Row("performance:load-withdraw", DATA, DATA, args=first(Load, state="loaded")),
    Row("performance:load-template", DATA, args=of("csv")),
    Row("performance:figures-export", DATA),
    # Reference data
    Row("performance:reference", DATA),
    Row("performance:reference-history", DATA),
    Row("performance:panel-set-choose", DATA, DATA),
    Row("performance:indicator-add", DATA, DATA),
    Row("performance:indicator-change", DATA, DATA, args=of("looked-after-number")),
    Row("performance:series-add", DATA, DATA),
    Row("performance:series-change", DATA, DATA, args=of(SERIES)),
    Row("performance:target-set", DATA, DATA),
    Row("performance:target-change", DATA, DATA, args=first(Target, known_until=None)),
    Row("performance:target-withdraw", DATA, DATA, args=first(Target, known_until=None)),
    Row("performance:comparator-add", DATA, DATA),
    Row(
        "performance:comparator-change",
        DATA,
        DATA,
        args=lambda: (ComparatorGroup.objects.order_by("pk")[0].slug,),
    ),
]


# Django's admin: for looking, by the data admin alone; the others are led to a sign-in that tells
# them so. One table stands for all: tests/dashboard/test_admin.py has each.
def area() -> tuple[int]:
    return (Area.objects.order_by("pk")[0].pk,)


def an_area_elsewhere() -> tuple[int, int]:
    return (ContentType.objects.get_for_model(Area).pk, *area())


LED_AWAY: dict[str, Any] = {"refused": 302}
CLOSED: dict[str, Any] = {"refused": 302, "answer": 403, "answer_sent": 403}
ADMIN = [
    Row("admin:index", DATA, DATA, **LED_AWAY),
    Row("admin:app_list", DATA, DATA, args=of("performance"), **LED_AWAY),
    Row("admin:jsi18n", DATA, DATA, **LED_AWAY | {"answer_sent": 405}),
    Row(
        "admin:view_on_site",
        DATA,
        DATA,
        an_area_elsewhere,
        **CLOSED | {"answer": 404, "answer_sent": 404},
    ),
    Row("admin:autocomplete", DATA, DATA, **CLOSED | {"answer_sent": 405}),
    Row("admin:performance_area_changelist", DATA, DATA, **LED_AWAY),
    Row("admin:performance_area_add", DATA, DATA, **CLOSED),
    Row("admin:performance_area_history", DATA, DATA, area, **LED_AWAY),
    Row("admin:performance_area_delete", DATA, DATA, area, **CLOSED),
    Row("admin:performance_area_change", DATA, DATA, area, **LED_AWAY | {"answer_sent": 403}),
]


def every_name() -> list[str]:
    """The names of all addresses, with their namespaces; of one without a name, its pattern."""
    return list(dict.fromkeys(_names(get_resolver().url_patterns)))


def _names(patterns: Any, under: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _names(pattern.url_patterns, under + space)
        else:
            assert isinstance(pattern, URLPattern)
            yield f"{under}{pattern.name or pattern.pattern}"
