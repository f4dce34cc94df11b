"""How well the plan is owned, for whoever keeps it; never for members."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from dashboard.position import read_position
from dashboard.tables.ownership import OwnershipExportTable, OwnershipTable
from improvement.presenters.ownership import make_ownership_page
from improvement.reading import get_plan
from performance.exports import export_asked


@require_safe
@permission_required("improvement.view_activity", raise_exception=True)
def ownership(request: HttpRequest) -> HttpResponse:
    position = read_position(request).position
    page = make_ownership_page(get_plan(position), position)
    exported = OwnershipExportTable(page.themes)
    if file := export_asked(request, exported, f"ownership-{position.on.isoformat()}"):
        return file
    table = OwnershipTable(page.themes)
    RequestConfig(request, paginate=False).configure(table)
    return render(request, "dashboard/ownership.html", {"page": page, "table": table})
