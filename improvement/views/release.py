"""The Director's release: what was read, and nothing else."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from improvement.changes import (
    NothingToRelease,
    ReleaseChanged,
    RoundOver,
    release_approved,
    release_round,
)
from improvement.forms.reviews import ReleaseForm
from improvement.models import Plan, UpdateReview, UpdateRound
from improvement.permissions import Person
from improvement.presenters.release import ReleasePage, make_release_page
from improvement.reading import get_plan
from performance.calculations.position import Position
from performance.clock import moment, now, today
from performance.views.loads import who


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("improvement.release_updates", raise_exception=True)
def release(request: HttpRequest) -> HttpResponse:
    """What waits; sent once, the same to be checked; sent from there, released."""
    shown = get_plan(Position(on=today(), known_at=now()))
    page = make_release_page(shown, today())
    context = {"page": page, "plan": shown, "problem": ""}
    form = ReleaseForm(request.POST)
    if request.method != "POST":
        return render(request, "improvement/release.html", context)
    if form.is_valid() and _was_released_by(who(request), form):
        # A click that came twice: it was done, and the first one's message says what.
        return redirect("improvement:release")
    if not form.is_valid() or not _is_what_was_read(form, page):
        context["problem"] = CHANGED
        return render(request, "improvement/release.html", context)
    if not form.cleaned_data["is_checked"]:
        return render(request, "improvement/release_check.html", context)
    try:
        said = _release(shown, page, by=who(request))
    except (NothingToRelease, ReleaseChanged, RoundOver):
        context |= {"page": make_release_page(shown, today()), "problem": CHANGED}
        return render(request, "improvement/release.html", context)
    messages.success(request, said)
    return redirect("improvement:release")


CHANGED = (
    "What waits has changed since you opened this page: an update was approved, corrected or "
    "released meanwhile. Nothing was released. Read what waits now, and release that."
)


def _is_what_was_read(form: ReleaseForm, page: ReleasePage) -> bool:
    read = form.cleaned_data
    is_same_round = read["round"] == (page.round.pk if page.round else None)
    return is_same_round and sorted(read["shown"]) == page.numbers


def _was_released_by(person: Person, form: ReleaseForm) -> bool:
    """Whether this person released just that: the round, or without one all that was shown."""
    if not form.cleaned_data["is_checked"]:
        return False
    if number := form.cleaned_data["round"]:
        return UpdateRound.objects.filter(pk=number, released_by=person).exists()
    shown = set(form.cleaned_data["shown"])
    released = UpdateReview.objects.filter(
        update__in=shown, outcome=UpdateReview.Outcome.RELEASED, by=person
    )
    return bool(shown) and released.count() == len(shown)


def _release(plan: Plan, page: ReleasePage, *, by: Person) -> str:
    """What was done, in a sentence. Raises NothingToRelease, ReleaseChanged, RoundOver."""
    at, expected = moment(), page.numbers
    if page.round is None:
        released = release_approved(plan=plan, by=by, now=at, expected=expected)
        return f"Released: members read {_number(len(released))} from now on."
    released = release_round(round=page.round, by=by, on=page.on, now=at, expected=expected)
    return (
        f"Released: members read {_number(len(released))} from now on. The round "
        f"“{page.round.title}” is over."
    )


def _number(count: int) -> str:
    return f"{count} update" if count == 1 else f"{count or 'no'} updates"
