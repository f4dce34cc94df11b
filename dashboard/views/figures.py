"""The panel's indicators, one of them in full, and how good the figures are."""

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from dashboard.position import read_position
from dashboard.presenters.data_quality import make_quality_page, series_looked_at
from dashboard.presenters.indicator import make_in_the_plan
from dashboard.presenters.indicators import (
    make_indicator_rows,
    panel_indicators,
    read_evidence_links,
)
from dashboard.tables import (
    FigureExportTable,
    IndicatorExportTable,
    IndicatorFilterForm,
    IndicatorTable,
    export_asked,
)
from dashboard.templatetags.dashboard_tags import keep_day
from performance.models import Indicator, Load
from performance.presenters.indicator import make_indicator_page
from performance.presenters.readings import make_readings


@require_safe
@permission_required("performance.view_indicator", raise_exception=True)
def indicators(request: HttpRequest) -> HttpResponse:
    asked = read_position(request)
    links, in_set = read_evidence_links(), list(panel_indicators())
    keys = [one for one in in_set if one.is_key]
    is_all = request.GET.get("show") == "all"
    readings = make_readings(in_set if is_all else keys, settings.COUNCIL_CODE, asked.position)
    rows = make_indicator_rows(readings, links, asked.position.on)
    form = IndicatorFilterForm(
        request.GET, rows=rows, links=links, in_set=len(in_set), keys=len(keys)
    )
    listed = form.listed(rows)
    exported = IndicatorExportTable(listed)
    if file := export_asked(request, exported, f"indicators-{asked.position.on.isoformat()}"):
        return file
    table = IndicatorTable(listed)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "form": form,
        "table": table,
        "listed": len(listed),
        "in_set": len(in_set),
        "is_all": is_all,
    }
    return render(request, "dashboard/indicators.html", context)


@require_safe
@permission_required("performance.view_indicator", raise_exception=True)
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    asked = read_position(request)
    found = Indicator.objects.filter(code=code).first()
    if found is None:
        raise Http404(f"No indicator is called “{code}”. The page of all indicators lists them.")
    page = make_indicator_page(found, settings.COUNCIL_CODE, asked.position)
    figures = [row for one in page.readings.series for row in reversed(one.rows)]
    exported = FigureExportTable(figures)
    if file := export_asked(request, exported, f"{code}-{asked.position.on.isoformat()}"):
        return file
    context = {
        "page": page,
        "plan_part": make_in_the_plan(found, page.readings, asked.position),
        "figures": len(figures),
    }
    return render(request, "dashboard/indicator.html", context)


@require_safe
@permission_required("performance.view_load", raise_exception=True)
def data_quality(request: HttpRequest) -> HttpResponse:
    asked = read_position(request)
    load = get_load(request.GET["load"]) if "load" in request.GET else None
    is_all = request.GET.get("all") == "1"
    series = series_looked_at(load, settings.COUNCIL_CODE, is_all=is_all)
    context = {
        "page": make_quality_page(series, settings.COUNCIL_CODE, asked.position),
        "load": load,
        "is_all": is_all,
        "all_url": keep_day(f"{reverse('performance:data-quality')}?all=1", asked.as_at),
    }
    return render(request, "dashboard/data_quality.html", context)


def get_load(number: str) -> Load:
    """The load without its bytes and its report; Http404 where there is none of that number."""
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    loads = Load.objects.only("file_name", "state")
    found = loads.filter(pk=int(number)).first() if is_number else None
    if found is None:
        raise Http404("There is no load of that number.")
    return found
