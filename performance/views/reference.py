"""The reference data at a glance, and its history."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from performance.models import ReferenceEvent
from performance.reference_presenter import make_history_page, make_reference_page
from performance.views.saving import council


@require_safe
@permission_required("performance.view_referenceevent", raise_exception=True)
def reference(request: HttpRequest) -> HttpResponse:
    return render(request, "performance/reference.html", {"page": make_reference_page(council())})


@require_safe
@permission_required("performance.view_referenceevent", raise_exception=True)
def history(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    key = request.GET.get("key", "").replace("\0", "").strip()
    known = kind if kind in ReferenceEvent.Kind.values else ""
    context = {
        "page": make_history_page(known, key, request.GET.get("page", "")),
        "kinds": ReferenceEvent.Kind.choices,
        "kind": known,
        "key": key,
    }
    return render(request, "performance/reference_history.html", context)
