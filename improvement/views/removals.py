"""Taking personal information out: asking, reading where it was, deciding."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from improvement.changes import (
    AlreadyDecided,
    DecideFirst,
    NothingFound,
    OtherTexts,
    TooCommon,
    ask_removal,
    confirm_removal,
    decline_removal,
    fewest_letters,
    record_search,
)
from improvement.forms.removals import RemovalAskForm, RemovalDecideForm
from improvement.models import Removal
from improvement.permissions import may_confirm_removals, may_decide_removal, may_read_removals
from improvement.presenters.removals import make_removal_lines, make_removal_page
from improvement.removal.finding import Place, count_places, find_outside, find_readable
from improvement.removal.matching import Words
from improvement.views.update_sending import position_now
from performance.clock import moment, today


@require_safe
def removals(request: HttpRequest) -> HttpResponse:
    if not may_read_removals(request.user):
        raise PermissionDenied
    return render(request, "improvement/removals.html", {"lines": make_removal_lines(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("improvement.ask_removal", raise_exception=True)
def removal_ask(request: HttpRequest) -> HttpResponse:
    """Twice: first it says where the words are among what the reader may read; then it hides them
    there and wherever else they stand. Other words than were shown, or where what it would show
    has changed since, are shown first."""
    form = RemovalAskForm(
        request.POST if request.method == "POST" else None,
        fewest_letters=fewest_letters(request.user),
    )
    places: list[Place] = []
    outside: list[Place] = []
    seal = ""
    if form.is_valid():
        words = Words(form.cleaned_data["words"])
        places = count_places(find_readable(words, request.user, position_now()))
        seal = words.seal_of(_count(places))
        if request.POST.get("hide") == seal:
            return _ask(request, form)
        # A name of somebody who signs in would be told without a trace that anybody asked.
        if may_confirm_removals(request.user):
            outside = find_outside(words, in_addresses=False)
    context = {
        "form": form,
        "places": places,
        "outside": outside,
        "count": _count(places),
        "seal": seal,
    }
    return render(request, "improvement/removal_ask.html", context)


def _ask(request: HttpRequest, form: RemovalAskForm) -> HttpResponse:
    try:
        said = {name: form.cleaned_data[name] for name in ("words", "reason")}
        asked = ask_removal(by=request.user, on=today(), now=moment(), **said)
    except (NothingFound, TooCommon) as why:
        record_search(why, reason=said["reason"], by=request.user, now=moment())
        nowhere = isinstance(why, NothingFound) and _say_nowhere(why.outside)
        form.add_error("words", nowhere or str(why))
        return render(request, "improvement/removal_ask.html", {"form": form})
    messages.success(request, "Hidden. A second person now confirms it or puts it back.")
    return redirect("improvement:removal", asked.pk)


def _count(places: list[Place]) -> int:
    return sum(place.count for place in places)


def _say_nowhere(outside: list[Place]) -> str:
    if not outside:
        return "No text that we hold has these words."
    where = ", ".join(f"{place.what} ({place.count})" for place in outside)
    return f"No text that can be taken out here has these words. They are in: {where}."


@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, number: int) -> HttpResponse:
    if not may_read_removals(request.user):
        raise PermissionDenied
    removals = Removal.objects.select_related("asked_by", "decided_by")
    found = removals.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404(f"There is no removal {number}. The list of removals has those there are.")
    is_sent = request.method == "POST"
    if is_sent and not found.outcome and not may_decide_removal(request.user, found):
        raise PermissionDenied
    form = RemovalDecideForm(request.POST if is_sent else None, words=Words(found.words))
    if is_sent and found.outcome:
        messages.warning(request, "Somebody else decided this first.")
        return redirect("improvement:removal", number)
    if form.is_valid() and _decide(request, found, form):
        return redirect("improvement:removal", number)
    context = {"page": make_removal_page(found, request.user, position_now()), "form": form}
    return render(request, "improvement/removal.html", context)


def _say_put_back(declined: Removal) -> str:
    over = sum(count for _, count in declined.left)
    if not over:
        return "Put back as it was."
    texts = "1 text" if over == 1 else f"{over} texts"
    return f"Put back, but for {texts}: something else was written there meanwhile."


def _decide(request: HttpRequest, found: Removal, form: RemovalDecideForm) -> bool:
    """Whether it is over, by this person or by another."""
    said = {
        "removal": found,
        "reason": form.cleaned_data["reason"],
        "by": request.user,
        "now": moment(),
    }
    try:
        if form.cleaned_data["decision"] == Removal.Outcome.CONFIRMED:
            confirm_removal(read=request.POST.get("shown", ""), on=today(), **said)
            messages.success(request, "Taken out for good.")
        else:
            messages.success(request, _say_put_back(decline_removal(**said)))
    except AlreadyDecided as already:
        messages.warning(request, str(already))
    except (DecideFirst, OtherTexts) as why:
        form.add_error(None, str(why))
        return False
    return True
