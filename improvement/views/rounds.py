"""Rounds of updates: opening one, changing its dates, how one is answered."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from improvement.changes import (
    NewerRound,
    RoundOver,
    RoundUnderWay,
    WordsHidden,
    change_round,
    open_round,
)
from improvement.forms.rounds import RoundChangeForm, RoundOpenForm
from improvement.models import Plan, UpdateRound
from improvement.presenters.rounds import make_round_line, make_round_lines, make_round_page
from improvement.reading import get_plan
from performance.calculations.position import Position
from performance.clock import moment, now, today
from performance.views.loads import who


@require_safe
@permission_required("improvement.open_round", raise_exception=True)
def rounds(request: HttpRequest) -> HttpResponse:
    lines = make_round_lines(_plan(), today())
    under_way = next((line for line in lines if not line.is_over), None)
    context = {"lines": lines, "under_way": under_way}
    return render(request, "improvement/rounds.html", context)


@require_safe
@permission_required("improvement.open_round", raise_exception=True)
def round_page(request: HttpRequest, number: int) -> HttpResponse:
    page = make_round_page(_get_round(number), today())
    return render(request, "improvement/round.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("improvement.open_round", raise_exception=True)
def round_open(request: HttpRequest) -> HttpResponse:
    shown = _plan()
    form = RoundOpenForm(request.POST if request.method == "POST" else None)
    under_way: UpdateRound | None = shown.rounds.filter(released_at__isnull=True).first()
    if form.is_valid():
        try:
            made = open_round(plan=shown, by=who(request), now=moment(), **form.facts())
        except RoundUnderWay as refused:
            under_way = refused.round
            form.add_error(None, f"“{under_way.title}” has to be released first.")
        else:
            messages.success(request, f"Opened: {made.title}.")
            return redirect("improvement:round", made.pk)
    context: dict[str, Any] = {"form": form, "under_way": under_way}
    return render(request, "improvement/round_open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("improvement.open_round", raise_exception=True)
def round_change(request: HttpRequest, number: int) -> HttpResponse:
    held = _get_round(number)
    form = RoundChangeForm(request.POST if request.method == "POST" else None, round=held)
    line = make_round_line(held, today(), held.plan.taken_over_by(today()))
    is_over = line.is_over
    if form.is_valid():
        try:
            event = change_round(
                round=held,
                reason=form.cleaned_data["reason"],
                opened_at=form.cleaned_data["opened_at"],
                by=who(request),
                on=today(),
                now=moment(),
                **form.facts(),
            )
        except RoundOver:
            is_over = True
        except NewerRound as newer:
            form.show_newer(newer.round)
        except WordsHidden as refused:
            form.add_error("title", str(refused))
        else:
            said = "Changed" if event else "Nothing was different"
            messages.success(request, f"{said}: {form.cleaned_data['title']}.")
            return redirect("improvement:round", held.pk)
    context = {
        "form": form,
        "line": line,
        "is_over": is_over,
        "newer": make_round_line(form.newer, today(), None) if form.newer else None,
    }
    return render(request, "improvement/round_change.html", context)


def _plan() -> Plan:
    return get_plan(Position(on=today(), known_at=now()))


def _get_round(number: int) -> UpdateRound:
    rounds = UpdateRound.objects.select_related("plan", "released_by")
    found = rounds.filter(pk=number).first()
    if found is None:
        raise Http404("There is no such round. The page of the rounds lists those there are.")
    return found
