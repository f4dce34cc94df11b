"""What the keepers' pages print: the plans that somebody keeps, an action, and a form's frame."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from improvement.changes.facts import link_facts, links_of
from improvement.changes.updates import due_now
from improvement.models import Action, Plan, ProgressUpdate, Theme
from improvement.permissions import Person, may_keep, themes_kept
from improvement.presenters.fact_words import LABELS, say_day
from performance.calculations.wording import say_times

JOBS = [
    ("action-reword", "Reword it"),
    ("action-assign", "Ask somebody else for its updates"),
    ("action-due", "Move its due date"),
    ("action-link", "Link it to judgements and figures"),
    ("action-split", "Split it"),
    ("action-stop", "Stop it"),
]


@dataclass(frozen=True)
class FormPage:
    """The frame of a form. `facts` stand above it: what it is about, as it is now."""

    title: str
    caption: str
    button: str
    back_url: str
    back: str
    lead: str = ""
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple)
    moves: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class KeptAction:
    reference: str
    title: str
    url: str
    status: str
    due: str
    owner: str


@dataclass(frozen=True)
class KeptTheme:
    number: int
    title: str
    leads: str
    needs_approval: bool
    actions: list[KeptAction]
    add_url: str
    change_url: str
    leads_url: str


@dataclass(frozen=True)
class KeptPlan:
    title: str
    days: str
    slug: str
    themes: list[KeptTheme]
    theme_add_url: str
    export_url: str


def make_kept_plans(person: Person, on: date) -> list[KeptPlan]:
    """The plans that nothing has taken the place of, with the themes that the person may keep; for
    whoever keeps the plan itself also a plan without any."""
    keeps_plan = person.has_perm("improvement.keep_plan")
    themes = list(Theme.objects.filter(themes_kept(person)).distinct().prefetch_related("leads"))
    lines = _make_lines([theme.pk for theme in themes], on)
    kept = []
    for plan in Plan.objects.kept(on).order_by("-starts_on", "slug"):
        mine = [theme for theme in themes if theme.plan_id == plan.pk]
        if mine or keeps_plan:
            kept.append(_make_kept_plan(plan, mine, lines))
    return kept


def _make_lines(themes: Sequence[int], on: date) -> dict[int, list[KeptAction]]:
    """By theme, its actions with what was said last, released or not: for who keeps them."""
    said = ProgressUpdate.objects.filter(action__theme__in=themes).in_force(on)
    newest = said.order_by("action_id", "-effective_on", "-id").distinct("action_id")
    last = {one.action_id: one.get_status_display() for one in newest.only("action_id", "status")}
    lines: dict[int, list[KeptAction]] = {}
    actions = Action.objects.filter(theme__in=themes).select_related("owner", "theme").in_order()
    for action in actions.prefetch_related("date_changes"):
        moves = sorted(action.date_changes.all(), key=lambda move: move.pk)
        due = moves[-1].moved_to if moves else action.first_due
        line = KeptAction(
            reference=action.reference,
            title=action.title,
            url=reverse("improvement:action-keep", args=[action.reference]),
            status=last.get(action.pk, "nothing said yet"),
            due=str(due) or "no date",
            owner=action.owner.get_username() if action.owner else "nobody",
        )
        lines.setdefault(action.theme_id, []).append(line)
    return lines


def _make_kept_plan(
    plan: Plan, themes: Sequence[Theme], lines: dict[int, list[KeptAction]]
) -> KeptPlan:
    until = f" to {say_day(plan.ends_on)}" if plan.ends_on else ""
    return KeptPlan(
        title=plan.title,
        days=f"from {say_day(plan.starts_on)}{until}",
        slug=plan.slug,
        themes=[_make_kept_theme(plan, theme, lines.get(theme.pk, [])) for theme in themes],
        theme_add_url=reverse("improvement:theme-add", args=[plan.slug]),
        export_url=f"?plan={plan.slug}",
    )


def _make_kept_theme(plan: Plan, theme: Theme, actions: list[KeptAction]) -> KeptTheme:
    key = [plan.slug, theme.slug]
    return KeptTheme(
        number=theme.number,
        title=theme.title,
        leads=", ".join(lead.get_username() for lead in theme.leads.all()) or "nobody yet",
        needs_approval=theme.needs_approval,
        actions=actions,
        add_url=reverse("improvement:action-add", args=key),
        change_url=reverse("improvement:theme-change", args=key),
        leads_url=reverse("improvement:theme-leads", args=key),
    )


@dataclass(frozen=True)
class ActionKeepPage:
    """One action as its keepers see it, and what they may do with it."""

    reference: str
    title: str
    url: str
    facts: list[tuple[str, str]]
    jobs: list[tuple[str, str]]


def make_action_keep_page(action: Action) -> ActionKeepPage:
    links = link_facts(links_of(action))
    facts = [
        (LABELS["promised"], action.description),
        (LABELS["impact_sought"], action.impact_sought),
        (LABELS["kind"], action.get_kind_display()),
        (LABELS["owner_service"], action.owner_service),
        (LABELS["owner_role"], action.owner_role),
        (LABELS["owner"], action.owner.get_username() if action.owner else "nobody yet"),
        ("Due", say_due(action)),
        (LABELS["cabinet"], str(action.cabinet)),
        (LABELS["judgements"], "; ".join(_titles(action)) or "none"),
        (LABELS["indicators"], "; ".join(links["indicators"]) or "none named"),
        (LABELS["note"], action.note),
        (LABELS["comes_from"], str(action.comes_from or "")),
        ("Became", "; ".join(str(one) for one in action.became.order_by("order"))),
    ]
    return ActionKeepPage(
        reference=action.reference,
        title=action.title,
        url=action.get_absolute_url(),
        facts=[(label, words) for label, words in facts if words],
        jobs=job_links(action),
    )


def _titles(action: Action) -> list[str]:
    return [judgement.title for judgement in links_of(action).judgements]


def job_links(action: Action) -> list[tuple[str, str]]:
    """What may be done with the action: words and address."""
    return [(words, reverse(f"improvement:{name}", args=[action.reference]))
            for name, words in JOBS]  # fmt: skip


def keep_links(person: Person, action: Action) -> list[tuple[str, str]]:
    """The same for the action's own page; none for whoever may not keep it."""
    return job_links(action) if may_keep(person, action.theme) else []


def say_due(action: Action) -> str:
    """“31 October 2016; first September 2016, moved once”."""
    moves = action.date_changes.moves().count()
    due = str(due_now(action)) or "no date"
    if not moves:
        return f"{due}; no date at first" if action.date_changes.exists() else due
    return f"{due}; first {action.first_due or 'no date'}, moved {say_times(moves)}"


def say_moves(action: Action) -> list[str]:
    """Each move of the date, oldest first."""
    return [
        f"From {move.moved_from or 'no date'} to {move.moved_to}: {move.reason}"
        for move in action.date_changes.order_by("id")
    ]
