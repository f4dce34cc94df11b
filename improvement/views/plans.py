"""Themes, who leads them, and a plan that follows another."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from improvement.changes import (
    NothingCorresponds,
    add_plan,
    add_theme,
    change_theme,
    choose_leads,
)
from improvement.changes.facts import theme_facts
from improvement.changes.leading import lead_facts
from improvement.changes.opened import state_kept
from improvement.forms.plans import (
    PlanAddForm,
    ThemeAddForm,
    ThemeChangeForm,
    ThemeLeadsForm,
)
from improvement.models import PlanEvent, Theme
from improvement.permissions import Person
from improvement.presenters.keeping import FormPage
from improvement.views.saving import NOTHING, answer, find_theme, get_plan_named, sent
from performance.clock import moment, today
from performance.views.loads import who

KIND = PlanEvent.Kind.THEME
KEEPS_PLAN = "improvement.keep_plan"
FORM = ["GET", "HEAD", "POST"]


def frame(title: str, caption: str, button: str, lead: str = "") -> FormPage:
    return FormPage(title, caption, button, reverse("improvement:keep"), "Keep the plan", lead)


@require_http_methods(FORM)
@permission_required(KEEPS_PLAN, raise_exception=True)
def theme_add(request: HttpRequest, plan: str) -> HttpResponse:
    into = get_plan_named(plan)
    last = into.themes.order_by("-number").values_list("number", flat=True).first() or 0
    form = ThemeAddForm(sent(request), plan=into, initial={"number": last + 1})

    def save(by: Person) -> tuple[str, str]:
        theme = add_theme(plan=into, slug=form.slug, words=form.words(), by=by, now=moment())
        said = f"Theme {theme.number} was added. Say who leads it."
        return said, reverse("improvement:theme-leads", args=[into.slug, theme.slug])

    page = frame("Add a theme", into.title, "Add this theme", "Its address is made of its short "
                 "title, and stays.")  # fmt: skip
    return answer(request, form, page, save)


@require_http_methods(FORM)
@permission_required(KEEPS_PLAN, raise_exception=True)
def theme_change(request: HttpRequest, plan: str, slug: str) -> HttpResponse:
    theme = find_theme(who(request), plan, slug)
    facts = theme_facts(theme)
    form = ThemeChangeForm(
        sent(request),
        plan=theme.plan,
        theme=theme,
        initial=facts,
        state=state_kept(KIND, theme.key, facts),
    )

    def save(by: Person) -> tuple[str, str]:
        event = change_theme(
            theme=theme,
            words=form.words(),
            reason=form.cleaned_data["reason"],
            by=by,
            now=moment(),
            opened_at=form.cleaned_data["opened_at"],
        )
        return ("The theme was changed." if event else NOTHING), reverse("improvement:keep")

    return answer(request, form, frame("Change a theme", said_of(theme), "Save"), save)


@require_http_methods(FORM)
@permission_required(KEEPS_PLAN, raise_exception=True)
def theme_leads(request: HttpRequest, plan: str, slug: str) -> HttpResponse:
    theme = find_theme(who(request), plan, slug)
    facts = lead_facts(theme)
    form = ThemeLeadsForm(
        sent(request),
        people=people_offered(theme),
        initial=facts,
        state=state_kept(KIND, theme.key, facts),
    )

    def save(by: Person) -> tuple[str, str]:
        event = choose_leads(
            theme=theme,
            leads=form.chosen(),
            needs_approval=form.cleaned_data["needs_approval"],
            by=by,
            now=moment(),
            reason=form.cleaned_data["reason"],
            opened_at=form.cleaned_data["opened_at"],
        )
        said = f"“{theme.title}”: who leads it was saved." if event else NOTHING
        return said, reverse("improvement:keep")

    return answer(request, form, frame("Who leads a theme", said_of(theme), "Save"), save)


def said_of(theme: Theme) -> str:
    return f"Theme {theme.number}: {theme.title}"


def people_offered(theme: Theme) -> list[Person]:
    """Whoever may keep actions, and whoever leads the theme already."""
    people: Any = get_user_model()._default_manager
    may = people.with_perm(
        "improvement.keep_actions",
        include_superusers=False,
        backend="django.contrib.auth.backends.ModelBackend",
    )
    offered = {person.get_username(): person for person in (*may, *theme.leads.all())}
    return [offered[name] for name in sorted(offered)]


@require_http_methods(FORM)
@permission_required(KEEPS_PLAN, raise_exception=True)
def plan_add(request: HttpRequest, plan: str) -> HttpResponse:
    old = get_plan_named(plan)
    form = PlanAddForm(sent(request), on=today(), initial={"framework": old.framework_id})

    def save(by: Person) -> tuple[str, str]:
        made = add_plan(follows=old, by=by, on=today(), now=moment(), **form.facts())
        said = f"“{made}” was added. It takes over on its first day."
        return said, reverse("improvement:keep")

    page = frame(
        "A plan that follows", old.title, "Add this plan",
        "The old plan keeps its actions, its references and its history.",
    )  # fmt: skip
    try:
        return answer(request, form, page, save)
    except NothingCorresponds as without:
        named = ", ".join(action.reference for action in without.actions)
        form.add_error(
            "framework",
            f"Nothing in it corresponds to the main judgement of {named}: link them otherwise "
            "first, or take over the themes alone.",
        )
        return answer(request, form, page, save)
