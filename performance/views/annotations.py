"""An officer explains a figure, and takes the explanation back."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from performance.calculations.position import Position
from performance.changes import annotate, close_annotation
from performance.clock import moment, now, today
from performance.forms import AnnotationAddForm, AnnotationCloseForm
from performance.forms.annotations import key_of_period
from performance.importer.versions import VersionRefused
from performance.models import Annotation, Measurement, Series
from performance.presenters.notes import KIND_WORDS
from performance.shown import read_shown
from performance.views.saving import SAME_INSTANT, council, sent


@require_http_methods(["GET", "POST"])
@permission_required("performance.add_annotation", raise_exception=True)
def annotation_add(request: HttpRequest) -> HttpResponse:
    series = find_series(request.GET.get("series", ""))
    rows = figures_of(series)
    asked = key_of_period(request.GET.get("start", ""), request.GET.get("end", ""))
    form = AnnotationAddForm(sent(request), rows=rows, initial={"period": asked})
    if request.user.is_authenticated and form.is_valid():
        made = annotate(area=council(), by=request.user, now=moment(), **form.facts())
        messages.success(request, f"Your words stand beside the figure for {made.period_label}.")
        return redirect("performance:indicator", series.indicator.code)
    context = {"form": form, "series": series, "has_figures": bool(rows)}
    return render(request, "performance/annotation_add.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("performance.change_annotation", raise_exception=True)
def annotation_close(request: HttpRequest, number: int) -> HttpResponse:
    note = get_annotation(number)
    form = AnnotationCloseForm(sent(request))
    back = reverse("performance:indicator", args=[note.series.indicator.code]) if note.series else (
        reverse("performance:data-quality"))  # fmt: skip
    if request.user.is_authenticated and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            close_annotation(annotation=note, by=request.user, now=moment(), reason=reason)
        except VersionRefused:
            form.add_error(None, SAME_INSTANT)
        else:
            messages.success(request, f"The words on {note.period_label} were taken back.")
            return redirect(back)
    kind = KIND_WORDS[Annotation.Kind(note.kind)]
    context = {"form": form, "note": note, "kind": kind, "back": back}
    return render(request, "performance/annotation_close.html", context)


def find_series(code: str) -> Series:
    series = Series.objects.filter(code=code.replace("\0", "")).select_related("indicator").first()
    if series is None:
        raise Http404("Say which figure: open its indicator’s page and choose “Explain a figure”.")
    return series


def figures_of(series: Series) -> list[Measurement]:
    """The council's figures of the series that a page shows today, the newest first."""
    position = Position(on=today(), known_at=now())
    asked = Measurement.objects.at(position).for_area(settings.COUNCIL_CODE).filter(series=series)
    asked = asked.filter(period_end__lte=position.on).with_series()
    asked = asked.order_by("-period_end", "period_start", "id")
    return read_shown(asked, position)


def get_annotation(number: int) -> Annotation:
    """One in force; Http404 where there is none, or it was closed already."""
    standing = Annotation.objects.current().select_related("series__indicator", "area")
    note = standing.filter(pk=number).first()
    if note is None:
        raise Http404("There are no such words on a figure, or they were taken back already.")
    return note
