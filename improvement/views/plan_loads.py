"""A plan's spreadsheet: give it, read the report, load it; and the plan as such a spreadsheet."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from improvement.forms.plans import PlanLoadConfirmForm, PlanLoadForm
from improvement.importer.sheet_export import write_plan
from improvement.importer.sheet_loading import (
    Given,
    NotWaiting,
    ReadAnew,
    confirm,
    discard,
    forget_old_files,
    screen,
)
from improvement.models import Action, Plan, PlanLoad
from improvement.permissions import Person, themes_kept
from improvement.presenters.plan_loads import is_waiting, make_load_line, make_plan_load_page
from improvement.reading import get_plan
from improvement.views.saving import get_plan_named, no_plan
from performance.calculations.position import Position
from performance.clock import moment, now, today, wall_clock
from performance.importer.formula_guard import guard
from performance.importer.held_back import HeldBack
from performance.importer.own_export import as_csv, as_workbook
from performance.uploads import is_too_large
from performance.views.loads import who

KEEPS_PLAN = "improvement.keep_plan"
ANEW = "The plan changed since this file was read: read the report again. Nothing was loaded."
LISTED = 50
CSV = "text/csv; charset=utf-8"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make_form(request: HttpRequest, *, is_sent: bool) -> PlanLoadForm:
    return PlanLoadForm(
        *((request.POST, request.FILES) if is_sent else ()),
        plans=list(Plan.objects.kept(today()).order_by("-starts_on", "slug")),
        is_too_large=is_sent and is_too_large(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(KEEPS_PLAN, raise_exception=True)
def plan_loads(request: HttpRequest) -> HttpResponse:
    forget_old_files(wall_clock())
    form = make_form(request, is_sent=request.method == "POST")
    if not form.plans:
        raise Http404("There is no plan yet to load actions into: the guide says how to begin one.")
    if form.is_valid():
        file = form.cleaned_data["file"]
        given = Given(file.name, file.read(), form.cleaned_data["sheet"].strip())
        made = screen(given, form.chosen_plan(), by=who(request))
        return redirect("improvement:plan-load", made.pk)
    found = PlanLoad.objects.select_related("plan", "received_by").defer("content", "report")
    loads = [make_load_line(one, wall_clock()) for one in found[:LISTED]]
    return render(request, "improvement/plan_loads.html", {"form": form, "loads": loads})


def get_load(number: int) -> PlanLoad:
    """The load, without its bytes; Http404 where there is none."""
    forget_old_files(wall_clock())
    found = PlanLoad.objects.select_related("plan", "received_by", "loaded_by").defer("content")
    load = found.filter(pk=number).first()
    if load is None:
        raise Http404(f"There is no plan load {number}. The list says which there are.")
    return load


def show_load(
    request: HttpRequest, load: PlanLoad, form: PlanLoadConfirmForm | None = None, **words: Any
) -> HttpResponse:
    page = make_plan_load_page(load, wall_clock())
    context: dict[str, Any] = {"page": page, **words}
    if page.is_waiting:
        # What was typed of the report of before stays; its words are looked at anew.
        typed = {"reason": request.POST.get("reason", "")}
        context["form"] = form or make_confirm_form(load, initial=typed)
    return render(request, "improvement/plan_load.html", context)


def make_confirm_form(load: PlanLoad, sent: Any | None = None, **more: Any) -> PlanLoadConfirmForm:
    return PlanLoadConfirmForm(sent, asks_to_look=bool(load.report.get("personal")), **more)


@require_safe
@permission_required(KEEPS_PLAN, raise_exception=True)
def plan_load(request: HttpRequest, number: int) -> HttpResponse:
    return show_load(request, get_load(number))


@require_POST
@permission_required(KEEPS_PLAN, raise_exception=True)
def plan_load_confirm(request: HttpRequest, number: int) -> HttpResponse:
    load = get_load(number)
    if not is_waiting(load, wall_clock()):
        return say_it_waits_no_more(request, load)
    form = make_confirm_form(load, request.POST)
    if not form.is_valid():
        return show_load(request, load, form)
    try:
        confirm(
            load,
            reason=form.cleaned_data["reason"],
            by=who(request),
            now=moment(),
            present=wall_clock(),
        )
    except HeldBack as held:
        return show_load(request, get_load(number), is_held=str(held))
    except ReadAnew:
        return show_load(request, get_load(number), is_anew=ANEW)
    except NotWaiting:
        return say_it_waits_no_more(request, get_load(number))
    messages.success(request, f"“{load.file_name}” is loaded.")
    return redirect("improvement:plan-load", number)


def say_it_waits_no_more(request: HttpRequest, load: PlanLoad) -> HttpResponse:
    is_loaded = load.state == PlanLoad.State.LOADED
    said = "is loaded already: nothing was loaded twice" if is_loaded else "waits no more"
    messages.info(request, f"“{load.file_name}” {said}.")
    return redirect("improvement:plan-load", load.pk)


@require_POST
@permission_required(KEEPS_PLAN, raise_exception=True)
def plan_load_discard(request: HttpRequest, number: int) -> HttpResponse:
    load = get_load(number)
    if not discard(load):
        return say_it_waits_no_more(request, get_load(number))
    messages.success(request, f"“{load.file_name}” was discarded. Nothing of it was loaded.")
    return redirect("improvement:plan-loads")


@require_safe
@permission_required(KEEPS_PLAN, raise_exception=True)
def plan_load_problems(request: HttpRequest, number: int) -> HttpResponse:
    """Every problem that was kept, as a spreadsheet opens it."""
    response = _file(b"", CSV, f"plan-load-{number}-problems.csv")
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["row", "column", "found", "expected"])
    for one in make_plan_load_page(get_load(number), wall_clock()).report.problems:
        writer.writerow([guard(cell) for cell in (one.row, one.column, one.found, one.expected)])
    return response


@require_safe
def plan_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The plan in the layout that loads back: for whoever keeps some of it."""
    person = who(request)
    if not (person.has_perm("improvement.keep_actions") or person.has_perm(KEEPS_PLAN)):
        raise PermissionDenied
    if kind not in ("csv", "xlsx"):
        raise Http404("The plan is to be had as export.csv or export.xlsx.")
    asked = request.GET.get("plan", "").replace("\0", "")
    position = Position(on=today(), known_at=now())
    plan = get_plan_named(asked) if asked else get_plan(position)
    rows = write_plan(_exported(person, plan, position))
    name = f"{plan.slug}-{position.on.isoformat()}.{kind}"
    if kind == "csv":
        return _file(as_csv(rows), CSV, name)
    return _file(as_workbook(rows, "Plan"), WORKBOOK, name)


def _exported(person: Person, plan: Plan, position: Position) -> QuerySet[Action]:
    """Every action of a plan that members read; of another one those of the themes that the person
    keeps. Http404, as of no plan, where they keep none."""
    actions = Action.objects.of(plan).in_order()
    if plan.is_known(position) or person.has_perm(KEEPS_PLAN):
        return actions
    kept = plan.themes.filter(themes_kept(person))
    if not kept.exists():
        raise no_plan(plan.slug)
    return actions.filter(theme__in=kept)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition}
    )
