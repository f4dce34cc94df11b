"""An officer's ten minutes: what is asked of them, and one action's update with its draft."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from improvement.changes import NewerDraft
from improvement.forms.updates import ActionUpdateForm, draft_lines, is_too_long, read_boxes
from improvement.models import Action, ProgressUpdate, Theme
from improvement.permissions import Person, actions_to_update, themes_kept
from improvement.presenters.left_words import make_left_words
from improvement.presenters.newer import make_newer
from improvement.presenters.said import make_said
from improvement.presenters.updates import (
    OVER,
    Desk,
    make_desks,
    make_my_updates_page,
    say_instant,
    words_to_begin_with,
)
from improvement.views.update_sending import (
    Sent,
    begin_form,
    discard_form,
    find_desk,
    keep_draft,
    keep_form_as_draft,
    look_before_sending,
    position_now,
    read_form,
    send,
)
from performance.clock import today, wall_clock

MAY_UPDATE = permission_required("improvement.add_progressupdate", raise_exception=True)


@require_safe
@MAY_UPDATE
def my_updates(request: HttpRequest) -> HttpResponse:
    desks = make_desks(actions_to_update(request.user, today()), request.user, position_now())
    page = make_my_updates_page(desks, _unowned(request.user))
    left = make_left_words(request.user, desks, today(), wall_clock())
    context = {"page": page, "left": [(one, draft_lines(one.words)) for one in left]}
    return render(request, "improvement/my_updates.html", context)


def _unowned(person: Person) -> list[Action]:
    """Actions of the person's themes that nobody is asked about, and that are not over."""
    if not person.has_perm("improvement.keep_actions"):
        return []
    themes = Theme.objects.filter(themes_kept(person))
    position = position_now()
    unowned = Action.objects.known(position).filter(theme__in=themes, owner=None)
    return list(unowned.not_in(OVER, position.on).select_related("theme").in_order())


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_UPDATE
def action_update(request: HttpRequest, reference: str) -> HttpResponse:
    """One form, four buttons: send it, see what a member will read, keep it as a draft, throw the
    draft away."""
    try:
        desk = find_desk(request.user, reference)
    except (PermissionDenied, Http404) as refused:
        words = draft_lines(read_boxes(request.POST))
        if not words:
            raise
        context = {"reason": str(refused), "reference": reference, "lines": words}
        status = 404 if isinstance(refused, Http404) else 403
        return render(request, "improvement/update_not_yours.html", context, status=status)
    if request.method != "POST":
        return _page(request, desk, begin_form(desk, request.user))
    do = {"preview": _preview, "back": _page, "draft": _keep, "discard": _discard}
    form = read_form(desk, request.user, request.POST)
    return do.get(request.POST.get("do", ""), _send)(request, desk, form)


def _page(
    request: HttpRequest, desk: Desk, form: ActionUpdateForm, sent: Sent | None = None
) -> HttpResponse:
    _, whose = words_to_begin_with(desk, request.user)
    context = {
        "desk": desk,
        "form": form,
        "sent": sent or Sent(),
        "whose": "" if form.is_bound else whose,
        "is_preview": request.POST.get("do") == "preview",
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        **_draft_words(request.user, desk, sent, is_opened=not form.is_bound),
    }
    return render(request, "improvement/action_update.html", context)


def _draft_words(
    person: Person, desk: Desk, sent: Sent | None, *, is_opened: bool
) -> dict[str, Any]:
    """When the draft was saved, what another window saved, and what is newer than the draft."""
    here = wall_clock()
    said: dict[str, Any] = {}
    if desk.draft:
        said["draft_at"] = say_instant(desk.draft.saved_at, here)
        if is_opened and desk.draft.words and desk.draft.opened_at != desk.state:
            said["since_draft"] = make_newer(desk, person, here, desk.draft.opened_at)
    if sent and sent.newer_draft:
        said["newer_draft_at"] = say_instant(sent.newer_draft.saved_at, here)
        said["newer_draft_lines"] = draft_lines(sent.newer_draft.words)
    return said


def _send(request: HttpRequest, desk: Desk, form: ActionUpdateForm) -> HttpResponse:
    return _answer_to(request, desk, form, send(desk, request.user, form))


def _answer_to(
    request: HttpRequest, desk: Desk, form: ActionUpdateForm, sent: Sent
) -> HttpResponse:
    if sent.update is None:
        return _page(request, desk, form, sent)
    messages.success(request, sent.said)
    return redirect("improvement:my-updates")


def _preview(request: HttpRequest, desk: Desk, form: ActionUpdateForm) -> HttpResponse:
    """What a member will read; nothing is sent."""
    looked = look_before_sending(desk, request.user, form)
    if looked.is_stopped or looked.update or not form.is_valid():
        return _answer_to(request, desk, form, looked)
    words = form.words()
    unsaved = ProgressUpdate(
        status=words.status, narrative=words.narrative, reason=words.reason, remedy=words.remedy,
        evidence_of_impact=words.evidence_of_impact, evidence_links=words.evidence_links,
        completed_on=words.completed.on, completed_precision=words.completed.precision,
        effective_on=today(),
    )  # fmt: skip
    context = {
        "desk": desk,
        "form": form,
        "said": make_said(unsaved, words.indicators),
        "new_due": words.new_due,
        "new_due_reason": words.new_due_reason,
    }
    return render(request, "improvement/action_update_preview.html", context)


def _keep(request: HttpRequest, desk: Desk, form: ActionUpdateForm) -> HttpResponse:
    sent = keep_form_as_draft(desk, request.user, form)
    if sent.is_stopped:
        return _page(request, desk, form, sent)
    messages.success(request, "Saved as a draft. Nobody else reads it.")
    return redirect(desk.url)


def _discard(request: HttpRequest, desk: Desk, form: ActionUpdateForm) -> HttpResponse:
    sent = discard_form(desk, request.user, form)
    if sent.is_stopped:
        return _page(request, desk, form, sent)
    messages.success(request, "Your draft is thrown away.")
    return redirect(desk.url)


@require_POST
@MAY_UPDATE
def action_draft(request: HttpRequest, reference: str) -> JsonResponse:
    """For the script: keeps what stands in the boxes, and says when and as which draft."""
    desk = find_desk(request.user, reference)
    words = read_boxes(request.POST)
    if request.POST.get("typed_by", "") not in ("", str(request.user.pk)):
        return JsonResponse({"problem": "somebody-else"}, status=403)
    if is_too_long(words):
        return JsonResponse({"problem": "too-long"}, status=400)
    form = read_form(desk, request.user, request.POST)
    try:
        draft = keep_draft(
            desk, request.user, words,
            opened_at=form.carried("opened_at")[:40], revision=form.sent_revision,
        )  # fmt: skip
    except NewerDraft as newer:
        return _answer(newer.draft, status=409, words=newer.draft.words,
                       lines=draft_lines(newer.draft.words))  # fmt: skip
    if draft is None:
        return JsonResponse({"saved_at": "", "revision": 0})
    return _answer(draft)


def _answer(draft: Any, status: int = 200, **more: Any) -> JsonResponse:
    saved_at = say_instant(draft.saved_at, wall_clock())
    return JsonResponse({"saved_at": saved_at, "revision": draft.revision, **more}, status=status)
