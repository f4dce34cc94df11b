"""The web door of the loads: give a file, read its report, load it, take a load out again."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from performance.changes.loads import discard_load
from performance.clock import today, wall_clock
from performance.forms.loads import LoadConfirmForm, LoadNewForm, LoadWithdrawForm
from performance.importer.formula_guard import guard
from performance.importer.held_back import HeldBack
from performance.importer.incoming import Source
from performance.importer.loading import (
    AnotherReport,
    NotWaiting,
    ScreenedAnew,
    confirm,
    screen,
)
from performance.importer.problems import LoadRefused
from performance.importer.releases import release_choices
from performance.importer.repeats import may_have_repeated, say_loads
from performance.importer.screening_report import ScreeningReport
from performance.importer.withdrawal import (
    LockedFigures,
    NotLoaded,
    count_locked,
    foretell,
    withdraw,
)
from performance.models import Load
from performance.presenters.load import make_load_page
from performance.presenters.load_changed import make_changed
from performance.presenters.load_words import (
    is_cut_short,
    is_waiting,
    say_loaded,
    say_withdrawal,
    with_others,
)
from performance.presenters.loads import make_loads_page
from performance.uploads import is_too_large

State = Load.State
# A page that is only opened works out no more than this: a load of all of England is withdrawn, and
# then says what became of each figure.
MOST_FORETOLD = 20_000
ANEW = "The record changed since this file was screened: read the report again. Nothing was loaded."


def get_load(number: int) -> Load:
    """The load, without its bytes; Http404 where there is none."""
    found = with_others(Load.objects.all()).filter(pk=number).first()
    if found is None:
        raise Http404(f"There is no load {number}. The loads’ page lists those there are.")
    return found


def who(request: HttpRequest) -> Any:
    """The person who asks: the gate before every view has let nobody else through. The project's
    own model of people lives above this app."""
    assert request.user.is_authenticated
    return request.user


def make_new_form(request: HttpRequest) -> LoadNewForm:
    """The form that takes a file: filled with what was sent to it, if anything was."""
    is_sent = request.method == "POST"
    return LoadNewForm(
        *((request.POST, request.FILES) if is_sent else ()),
        releases=release_choices(),
        may_back_load=request.user.has_perm("performance.back_load"),
        is_too_large=is_sent and is_too_large(request),
    )


@require_safe
@permission_required("performance.view_load", raise_exception=True)
def loads(request: HttpRequest) -> HttpResponse:
    page = make_loads_page(Load.objects.all(), request.GET.get("page", ""), wall_clock())
    return render(request, "performance/loads.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("performance.add_load", raise_exception=True)
def load_new(request: HttpRequest) -> HttpResponse:
    form = make_new_form(request)
    if form.is_valid():
        file = form.cleaned_data["file"]
        made = screen(Source(file.name, file.read()), by=who(request), options=form.options())
        return redirect("performance:load", made.pk)
    return render(request, "performance/load_new.html", {"form": form})


@require_safe
@permission_required("performance.view_load", raise_exception=True)
def load(request: HttpRequest, number: int) -> HttpResponse:
    return show_load(request, get_load(number))


def show_load(
    request: HttpRequest, shown: Load, form: LoadConfirmForm | None = None, **words: Any
) -> HttpResponse:
    """The load's page, with the form that loads it, or the one that takes a mended file."""
    may_load = request.user.has_perm("performance.add_load")
    page = make_load_page(shown, has_values=may_load, now=wall_clock())
    changed = make_changed(shown, today())
    context: dict[str, Any] = {"page": page, "changed": changed, "form": form, **words}
    if may_load and page.is_waiting:
        context["cannot"] = why_not(request, shown)
        context["report_print"] = shown.report_print
        context["form"] = form or make_confirm_form(request, shown)
    elif may_load and (page.is_refused or page.is_over):
        context["new_form"] = make_new_form_afresh(
            request, is_unfolded=page.refused_as in ("earlier", "day")
        )
    return render(request, "performance/load.html", context)


def make_new_form_afresh(request: HttpRequest, *, is_unfolded: bool) -> LoadNewForm:
    return LoadNewForm(
        releases=release_choices(),
        may_back_load=request.user.has_perm("performance.back_load"),
        is_unfolded=is_unfolded,
    )


def make_confirm_form(
    request: HttpRequest, shown: Load, sent: Any | None = None
) -> LoadConfirmForm:
    """It asks for a reason where figures are revised, and for another where a lock is passed.
    Without `sent` it is opened, with the reasons that were typed of a report of before."""
    report = ScreeningReport.from_json(shown.report)
    asks = {"revises": report.revised > 0, "unlocks": report.locked_total > 0}
    return LoadConfirmForm(sent, initial=None if sent else request.POST.dict(), **asks)


def why_not(request: HttpRequest, shown: Load) -> str:
    """Why this person cannot load this file; empty where they can."""
    locked = ScreeningReport.from_json(shown.report).locked_total
    if locked and not request.user.has_perm("performance.unlock_period"):
        return (
            "The file changes figures of a locked period, which your role may not change. Take "
            "them out of the file and give it again, or ask somebody who may unlock the period."
        )
    if shown.is_back_load and not request.user.has_perm("performance.back_load"):
        return "The file was given as a back-load, which your role may not load."
    return ""


@require_POST
@permission_required("performance.add_load", raise_exception=True)
def load_confirm(request: HttpRequest, number: int) -> HttpResponse:
    waiting = get_load(number)
    if not is_waiting(waiting, wall_clock()):
        return say_it_waits_no_more(request, waiting)
    shown = request.POST.get("shown", "")
    if shown != waiting.report_print:
        return show_load(request, waiting, is_anew=ANEW)
    form = make_confirm_form(request, waiting, request.POST)
    if why_not(request, waiting) or not form.is_valid():
        return show_load(request, waiting, form)
    try:
        loaded = confirm(
            waiting,
            by=who(request),
            may_unlock=request.user.has_perm("performance.unlock_period"),
            shown=shown,
            **form.cleaned_data,
        )
    except (AnotherReport, ScreenedAnew):
        # The new report may need a reason that the old one did not: the form is made for it.
        return show_load(request, get_load(number), is_anew=ANEW)
    except NotWaiting:
        return say_it_waits_no_more(request, get_load(number))
    except HeldBack as held:
        return show_load(request, get_load(number), refused=[str(held)])
    except LoadRefused as refused:
        now = get_load(number)
        # One that is refused for good has them in its report.
        problems = [] if now.state == State.REFUSED else [str(one) for one in refused.problems]
        return show_load(request, now, refused=problems)
    messages.success(request, say_loaded(loaded, today()))
    return redirect("performance:load", loaded.pk)


def say_it_waits_no_more(request: HttpRequest, done: Load) -> HttpResponse:
    """Back to the load's page, which says what became of it."""
    said = "was not loaded: it waits no more"
    if done.state in (State.LOADED, State.WITHDRAWN):
        said = "is loaded already: nothing was loaded twice"
    messages.info(request, f"Load {done.pk} {said}.")
    return redirect("performance:load", done.pk)


@require_POST
@permission_required("performance.add_load", raise_exception=True)
def load_discard(request: HttpRequest, number: int) -> HttpResponse:
    waiting = get_load(number)
    if is_cut_short(waiting):
        said = "the command is loading it, or was stopped before it was done"
        messages.info(request, f"Load {number} was not discarded: {said}.")
        return redirect("performance:load", number)
    if not discard_load(load=waiting, by=who(request)):
        return say_it_waits_no_more(request, get_load(number))
    messages.success(request, f"“{waiting.file_name}” was discarded. Nothing of it was loaded.")
    return redirect("performance:loads")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("performance.withdraw_load", raise_exception=True)
def load_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    wrong = get_load(number)
    if wrong.state != State.LOADED or wrong.withdraws:
        raise Http404(f"Load {number} is not one that can be withdrawn; its page says why.")
    page = make_load_page(wrong, has_values=False, now=wall_clock())
    if unread := may_have_repeated(wrong):
        context = {"page": page, "unread": say_loads(unread), "has_many_unread": len(unread) > 1}
        return render(request, "performance/load_withdraw.html", context)
    locked = count_locked(wrong)
    form = LoadWithdrawForm(request.POST if request.method == "POST" else None, unlocks=locked > 0)
    cannot = locked > 0 and not request.user.has_perm("performance.unlock_period")
    if not cannot and form.is_valid():
        try:
            done = withdraw(wrong, by=who(request), **form.cleaned_data)
        except LockedFigures:
            messages.info(request, "A period was locked meanwhile. Nothing was withdrawn.")
            return redirect("performance:load-withdraw", number)
        except NotLoaded:
            messages.info(request, f"Load {number} is withdrawn already.")
            return redirect("performance:load", number)
        messages.success(request, f"Load {number} is withdrawn.")
        return redirect("performance:load", done.pk)
    context = {"form": form, "page": page, "cannot": cannot, "locked": locked}
    if wrong.rows_read <= MOST_FORETOLD:
        context["foretold"] = say_withdrawal(foretell(wrong), is_done=False)
    return render(request, "performance/load_withdraw.html", context)


@require_safe
@permission_required("performance.add_load", raise_exception=True)
def load_problems(request: HttpRequest, number: int) -> HttpResponse:
    """Every problem that was kept, as a spreadsheet opens it."""
    refused = get_load(number)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="load-{number}-problems.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["file", "row", "column", "found", "expected"])
    for one in ScreeningReport.from_json(refused.report).problems:
        row = str(one.row or "")
        cells = [one.file, row, one.column, one.found, one.expected]
        writer.writerow([guard(cell) for cell in cells])
    return response
