"""Who did what to the plan."""

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from improvement.forms.activity import ActivityFilterForm
from improvement.models import PlanEvent
from improvement.permissions import events_read, themes_read
from improvement.presenters.activity import ActivityLines, read_names
from improvement.tables import ActivityTable
from performance.calculations.position import Position
from performance.clock import now, today
from performance.exports import export_asked

ON_A_PAGE = 50


@require_safe
@permission_required("improvement.view_activity", raise_exception=True)
def activity(request: HttpRequest) -> HttpResponse:
    position = Position(on=today(), known_at=now())
    read = themes_read(request.user, position).order_by("plan_id", "number")
    themes = dict(read.values_list("slug", "short_title"))
    did = PlanEvent.objects.filter(by__isnull=False).order_by().values("by").distinct()
    people = {
        str(person.pk): person.get_username()
        for person in get_user_model().objects.filter(pk__in=did).order_by("username")
    }
    form = ActivityFilterForm(request.GET or None, people=people, themes=themes)
    told = events_read(request.user, position)
    asked = told.filter(form.asked()) if request.GET else told
    lines = ActivityLines(asked, themes, read_names(request.user, position))
    table = ActivityTable(lines)
    if file := export_asked(request, table, f"activity-{today().isoformat()}"):
        return file
    RequestConfig(request, paginate={"per_page": ON_A_PAGE, "silent": True}).configure(table)
    context = {"form": form, "table": table, "listed": len(lines)}
    return render(request, "improvement/activity.html", context)
