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
from improvement.models import Action, Plan, PlanLoad, UpdateRound
from performance.models import (
    Annotation,
    Area,
    ComparatorGroup,
    Load,
    PeriodLock,
    Target,
)
from tests.improvement.conftest import NOW, ON, person_with, say

# Who: the roles by what they come to do. A new role is put where it belongs.
EVERYBODY = {role.slug for role in ROLES}
MEMBERS = {"councillor", "chair", "co-opted", "substitute", "cabinet-member"}
OFFICERS = {"officer", "theme-lead", "director"}
DATA = {"data-admin"}
DIRECTOR = {"director"}
KEEPERS = {"theme-lead", "director"}
ROUNDS = {"director", "scrutiny-officer"}
ADMINISTRATOR = {"administrator"}
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
    wrong, or an act is done and leads on). `is_for_all` is open to who has not signed in,
    `is_ones_own` to whoever has, with a role or without."""

    name: str
    opens: set[str] | None
    takes: set[str] | None = NOTHING
    args: Callable[[], tuple[Any, ...]] = tuple
    query: str = ""
    answer: int = 200
    answer_sent: int = 200
    refused: int = 403
    is_for_all: bool = False
    is_ones_own: bool = False

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


def a_person() -> tuple[int]:
    """Somebody who was invited and has left no role that is tried."""
    return (person_with("robin", "Officer").pk,)


def an_update(reference: str = "5.13") -> tuple[int]:
    """Said by somebody who has left no role that is tried."""
    by = person_with("who-said", "Officer")
    action = Action.objects.get(reference=reference)
    Action.objects.filter(pk=action.pk).update(owner=by)
    return (say(action, by).pk,)


def an_update_elsewhere() -> tuple[int]:
    return an_update("1.02")


def a_plan_load() -> tuple[int]:
    made = PlanLoad.objects.create(
        plan=Plan.objects.get(slug=PLAN), file_name="plan.csv", sha256="0" * 64, state="discarded"
    )
    return (made.pk,)


PLAN, THEME = "improvement-plan-2016", "looked-after-children"
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
    # What officers say of their actions: their own, and their theme's
    Row("improvement:my-updates", OFFICERS),
    Row("improvement:my-updates-all", OFFICERS, OFFICERS, answer_sent=302),
    Row("improvement:action-update", OFFICERS, OFFICERS, args=of("5.13")),
    Row("improvement:action-update", DIRECTOR, DIRECTOR, args=of("1.02"), query="?another-theme"),
    Row("improvement:action-draft", None, OFFICERS, args=of("5.13")),
    Row("improvement:action-draft", None, DIRECTOR, args=of("1.02"), query="?another-theme"),
    # Review, release and rounds
    Row("improvement:reviews", KEEPERS, KEEPERS),
    Row("improvement:update-return", KEEPERS, KEEPERS, args=an_update),
    Row(
        "improvement:update-return",
        DIRECTOR,
        DIRECTOR,
        args=an_update_elsewhere,
        query="?another-theme",
    ),
    Row("improvement:release", DIRECTOR, DIRECTOR),
    Row("improvement:rounds", ROUNDS),
    Row("improvement:round-open", ROUNDS, ROUNDS),
    Row("improvement:round", ROUNDS, args=first(UpdateRound)),
    Row("improvement:round-change", ROUNDS, ROUNDS, args=first(UpdateRound)),
    Row("improvement:ownership", ACTIVITY),
    # Keeping the plan
    Row("improvement:keep", KEEPERS),
    Row("improvement:action-add", KEEPERS, KEEPERS, args=of(PLAN, THEME)),
    Row(
        "improvement:action-add",
        DIRECTOR,
        DIRECTOR,
        args=of(PLAN, "workforce"),
        query="?another-theme",
    ),
    *(
        Row(
            f"improvement:action-{job}",
            opens,
            None if job == "keep" else opens,
            args=of(reference),
            query=query,
        )
        for job in ("keep", "reword", "assign", "split", "stop", "link", "due")
        for opens, reference, query in ((KEEPERS, "5.13", ""), (DIRECTOR, "1.02", "?another-theme"))
    ),
    Row("improvement:plan-add", DIRECTOR, DIRECTOR, args=of(PLAN)),
    Row("improvement:theme-add", DIRECTOR, DIRECTOR, args=of(PLAN)),
    Row("improvement:theme-change", DIRECTOR, DIRECTOR, args=of(PLAN, THEME)),
    Row("improvement:theme-leads", DIRECTOR, DIRECTOR, args=of(PLAN, THEME)),
    Row("improvement:plan-loads", DIRECTOR, DIRECTOR),
    Row("improvement:plan-load", DIRECTOR, args=a_plan_load),
    Row("improvement:plan-load-confirm", None, DIRECTOR, args=a_plan_load, answer_sent=302),
    Row("improvement:plan-load-discard", None, DIRECTOR, args=a_plan_load, answer_sent=302),
    Row("improvement:plan-load-problems", DIRECTOR, args=a_plan_load),
    Row("improvement:plan-export", KEEPERS, args=of("csv")),
    # The record
    Row("improvement:activity", ACTIVITY),
    Row("improvement:removals", ASKERS),
    Row("improvement:removal-ask", ASKERS, ASKERS),
    Row("improvement:removal", ASKERS, DECIDERS, args=a_removal),
    # People
    Row("people", ADMINISTRATOR),
    Row("person-invite", ADMINISTRATOR, ADMINISTRATOR),
    Row("person", ADMINISTRATOR, args=a_person),
    Row("person-roles", ADMINISTRATOR, ADMINISTRATOR, args=a_person),
    Row("person-themes", ADMINISTRATOR, ADMINISTRATOR, args=a_person, answer_sent=302),
    Row("person-last-day", ADMINISTRATOR, ADMINISTRATOR, args=a_person, answer_sent=302),
    Row("person-deactivate", ADMINISTRATOR, ADMINISTRATOR, args=a_person),
    Row("person-reactivate", None, ADMINISTRATOR, args=a_person, answer_sent=302),
    Row("person-invite-again", None, ADMINISTRATOR, args=a_person, answer_sent=302),
    Row("person-second-factor", ADMINISTRATOR, ADMINISTRATOR, args=a_person),
    # One's own sign-in, whatever one's role: some ask for the password once more (302), some are
    # not there without a second factor (404)
    Row("mfa_index", EVERYBODY, is_ones_own=True),
    Row("mfa_activate_totp", EVERYBODY, EVERYBODY, answer=302, answer_sent=302, is_ones_own=True),
    Row("mfa_deactivate_totp", EVERYBODY, EVERYBODY, answer=404, answer_sent=404, is_ones_own=True),
    Row("mfa_view_recovery_codes", EVERYBODY, answer=404, is_ones_own=True),
    Row(
        "mfa_generate_recovery_codes",
        EVERYBODY,
        EVERYBODY,
        answer=302,
        answer_sent=302,
        is_ones_own=True,
    ),
    Row("mfa_reauthenticate", EVERYBODY, EVERYBODY, answer=302, answer_sent=302, is_ones_own=True),
    Row("account_change_password", EVERYBODY, EVERYBODY, is_ones_own=True),
    Row("account_reauthenticate", EVERYBODY, EVERYBODY, is_ones_own=True),
    Row("account_login", EVERYBODY, EVERYBODY, answer=302, answer_sent=302, is_for_all=True),
    Row("mfa_authenticate", EVERYBODY, EVERYBODY, answer=302, answer_sent=302, is_for_all=True),
    Row("account_inactive", EVERYBODY, is_for_all=True),
    Row("account_reset_password", EVERYBODY, EVERYBODY, is_for_all=True),
    Row("account_reset_password_done", EVERYBODY, is_for_all=True),
    Row(
        "account_reset_password_from_key",
        EVERYBODY,
        EVERYBODY,
        args=of("1", "no-key"),
        is_for_all=True,
    ),
    Row("account_reset_password_from_key_done", EVERYBODY, is_for_all=True),
    Row(
        "invitation",
        EVERYBODY,
        EVERYBODY,
        args=of("no-token"),
        answer=410,
        answer_sent=410,
        is_for_all=True,
    ),
    Row("openid_connect_login", None, EVERYBODY, args=of("none"), answer_sent=404, is_for_all=True),
    Row("openid_connect_callback", EVERYBODY, args=of("none"), answer=404, is_for_all=True),
    Row("socialaccount_login_cancelled", EVERYBODY, is_for_all=True),
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
