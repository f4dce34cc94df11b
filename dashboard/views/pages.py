"""The pages that join the figures and the plan."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from dashboard.position import now, read_position, today
from dashboard.presenters.about import make_about_page
from dashboard.presenters.doings import make_doings
from dashboard.presenters.first_steps import make_first_steps
from dashboard.presenters.judgement import make_judgement_page
from dashboard.presenters.overview import first_known, make_overview
from dashboard.presenters.plan import make_action_page, make_plan_page, make_theme_page
from dashboard.reading import find_plan, get_plan, is_plan_known
from dashboard.tables import ActionExportTable, ActionFilterForm, ActionTable, export_asked
from improvement.models import Action
from improvement.permissions import may_read, may_update
from improvement.presenters.keeping import keep_links
from performance.calculations.position import Position


@require_safe
@permission_required("improvement.view_plan", raise_exception=True)
def overview(request: HttpRequest) -> HttpResponse:
    asked = read_position(request)
    shown = find_plan(asked.position)
    if shown is None:
        return _first_steps(request, asked.position)
    first = first_known()
    if first is None or first > asked.position.known_at:
        return render(request, "dashboard/nothing_known.html", {"first": first})
    page = make_overview(shown, asked.position, settings.COUNCIL_CODE, asked.as_at)
    # What waits is today's, and no reader's of an earlier day.
    is_today = asked.as_at is None
    doings = make_doings(request.user, shown, asked.position.on) if is_today else []
    return render(request, "dashboard/overview.html", {"page": page, "doings": doings})


@require_safe
@permission_required("improvement.view_assessment", raise_exception=True)
def judgement(request: HttpRequest, slug: str) -> HttpResponse:
    asked = read_position(request)
    shown = get_plan(asked.position)
    page = make_judgement_page(shown, slug, asked.position, settings.COUNCIL_CODE, asked.as_at)
    if page is None:
        raise Http404(
            f"There is no judgement “{slug}” in the framework that the plan uses. The overview "
            "lists those there are."
        )
    return render(request, "dashboard/judgement.html", {"page": page})


@require_safe
@permission_required("improvement.view_plan", raise_exception=True)
def plan(request: HttpRequest) -> HttpResponse:
    asked = read_position(request)
    shown = find_plan(asked.position)
    if shown is None:
        return _first_steps(request, asked.position)
    if not is_plan_known(shown, asked.position):
        return render(request, "dashboard/nothing_known.html", {"plan": shown})
    page = make_plan_page(shown, asked.position, asked.as_at)
    form = ActionFilterForm(request.GET or None, lines=page.lines)
    listed = form.listed() if request.GET else page.lines
    exported = ActionExportTable(listed)
    if file := export_asked(request, exported, f"actions-{asked.position.on.isoformat()}"):
        return file
    table = ActionTable(listed)
    # Every action on one page: on paper the second page of a list is lost.
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "page": page,
        "plan": shown,
        "form": form,
        "asked": form.words,
        "table": table,
        "listed": len(listed),
    }
    return render(request, "dashboard/plan.html", context)


@require_safe
@permission_required("improvement.view_plan", raise_exception=True)
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    asked = read_position(request)
    shown = get_plan(asked.position)
    page = make_theme_page(shown, slug, asked.position, settings.COUNCIL_CODE)
    if page is None:
        raise Http404(f"The plan has no theme “{slug}”. The plan's page lists its themes.")
    if not is_plan_known(shown, asked.position):
        return render(request, "dashboard/nothing_known.html", {"plan": shown})
    return render(request, "dashboard/theme.html", {"page": page, "plan": shown})


@require_safe
@permission_required("improvement.view_action", raise_exception=True)
def action(request: HttpRequest, reference: str) -> HttpResponse:
    asked = read_position(request)
    found = Action.objects.select_related("theme__plan__paper").filter(reference=reference).first()
    days = [asked.position, Position(on=today(), known_at=now())]
    if found is None or not any(may_read(request.user, found, day) for day in days):
        raise Http404(
            f"The plan has no action “{reference}”. References look like 4.01b; the plan's list "
            "can be searched."
        )
    # A reference is never used again: its page stays when another plan takes over.
    shown = found.theme.plan
    is_told = may_read(request.user, found, asked.position)
    page = is_told and make_action_page(shown, reference, asked.position, settings.COUNCIL_CODE)
    if not page:
        return render(request, "dashboard/nothing_known.html", {"plan": shown})
    is_today = asked.as_at is None
    context = {
        "page": page,
        "plan": shown,
        "may_update": is_today and may_update(request.user, page.action),
        "keep": keep_links(request.user, page.action) if is_today else [],
    }
    return render(request, "dashboard/action.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/glossary.html")


@require_safe
@permission_required("performance.view_measurement", raise_exception=True)
def about_the_data(request: HttpRequest) -> HttpResponse:
    page = make_about_page(read_position(request).position, settings.COUNCIL_CODE)
    return render(request, "dashboard/about_the_data.html", {"page": page})


def _first_steps(request: HttpRequest, position: Position) -> HttpResponse:
    """Before there is a plan: what is missing and what to do next."""
    page = make_first_steps(position, settings.COUNCIL_CODE)
    return render(request, "dashboard/first_steps.html", {"page": page})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Our own sentence where a view gave one; Django's own names only its patterns."""
    said = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "404.html", {"exception_text": said}, status=404)
