"""The template for a quarter's figures, and the council's figures as a file that loads back."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from performance.calculations.position import Position
from performance.clock import now, today
from performance.importer.own_export import (
    as_csv,
    as_workbook,
    reported_series,
    write_export,
    write_template,
)
from performance.views.saving import council

CSV = "text/csv; charset=utf-8"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@permission_required("performance.add_load", raise_exception=True)
def load_template(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in ("csv", "xlsx"):
        raise Http404("The template is to be had as template.csv or template.xlsx.")
    rows = write_template(reported_series(), council(), _position())
    if kind == "csv":
        return _file(as_csv(rows), CSV, "template.csv")
    return _file(as_workbook(rows), WORKBOOK, "template.xlsx")


@require_safe
@permission_required("performance.add_load", raise_exception=True)
def figures_export(request: HttpRequest) -> HttpResponse:
    position, area = _position(), council()
    name = f"figures-{area.code}-{position.on.isoformat()}.csv"
    return _file(as_csv(write_export(position, area)), CSV, name)


def _position() -> Position:
    return Position(on=today(), known_at=now())


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
