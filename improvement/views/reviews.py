"""A lead’s reviews: approving many, sending one back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from improvement.changes import AlreadyReviewed, approve_updates, return_update
from improvement.forms.reviews import ApproveForm, UpdateReturnForm
from improvement.models import ProgressUpdate, UpdateReview
from improvement.permissions import Person, may_release, may_review
from improvement.presenters.reviews import (
    make_reviews_page,
    make_waiting,
    outcome_now,
    say_settled,
    with_what_was_said,
)
from performance.clock import moment
from performance.views.loads import who


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("improvement.review_updates", raise_exception=True)
def reviews(request: HttpRequest) -> HttpResponse:
    form = ApproveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _approve(request, form.cleaned_data["update"])
        return redirect("improvement:reviews")
    context = {"form": form, "page": make_reviews_page(who(request))}
    return render(request, "improvement/reviews.html", context)


def _approve(request: HttpRequest, numbers: list[int]) -> None:
    """Approves what still waits and says what was left, and why."""
    person = who(request)
    ticked = ProgressUpdate.objects.filter(pk__in=numbers, made_by__isnull=False)
    found = list(
        ticked.select_related("action__theme")
        .prefetch_related("action__theme__leads")
        .order_by("id")
    )
    if not all(may_review(person, update) for update in found):
        raise PermissionDenied
    reviewed = approve_updates(updates=found, by=person, now=moment())
    # A click that came twice has not met somebody else.
    own = [update for update in reviewed.left if _approved_by(update, person)]
    hidden = [update for update in reviewed.left if update.is_hidden]
    left = [update for update in reviewed.left if update not in [*own, *hidden]]
    if done := [*reviewed.done, *own]:
        messages.success(request, f"Approved: {_references(done)}.")
    if hidden:
        messages.warning(
            request,
            f"Left as it was: {_references(hidden)}. It is hidden until it is decided whether "
            "words are taken out.",
        )
    if left:
        messages.warning(
            request,
            f"Left as it was: {_references(left)}. Somebody else was first: it was "
            "reviewed, or a newer update took its place, after you opened the page.",
        )


def _approved_by(update: ProgressUpdate, person: Person) -> bool:
    last = update.reviews.order_by("-id").first()
    if last is None or last.by_id != person.pk or update.corrections.exists():
        return False
    return last.outcome == UpdateReview.Outcome.APPROVED


def _references(updates: list[ProgressUpdate]) -> str:
    return ", ".join(update.action.reference for update in updates)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("improvement.review_updates", raise_exception=True)
def update_return(request: HttpRequest, number: int) -> HttpResponse:
    update = _get_sent(number)
    person = who(request)
    if not may_review(person, update):
        raise PermissionDenied
    form = UpdateReturnForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return_update(
                update=update, reason=form.cleaned_data["reason"], by=person, now=moment()
            )
        except AlreadyReviewed:
            pass
        else:
            messages.success(request, f"Sent back with your reason: {update.action.reference}.")
            return redirect("improvement:reviews")
    # Who releases may still hold back what was approved.
    is_held = may_release(person) and outcome_now(update) == UpdateReview.Outcome.APPROVED
    settled = "" if is_held else say_settled(update)
    context = {"form": form, "update": make_waiting(update), "settled": settled}
    return render(request, "improvement/update_return.html", context)


def _get_sent(number: int) -> ProgressUpdate:
    """What a person sent, with all that a page prints of it; Http404 for anything else."""
    sent = ProgressUpdate.objects.sent().filter(pk=number)
    found = with_what_was_said(sent).first()
    if found is None:
        raise Http404("There is no such update. The page of the reviews lists those that wait.")
    return found
