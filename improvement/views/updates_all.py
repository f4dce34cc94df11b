"""All of an officer's actions on one page, each sent by its own button or all by one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from improvement.forms.updates import ActionUpdateForm, draft_lines, read_boxes, says_the_same
from improvement.permissions import Person, actions_read, actions_to_update
from improvement.presenters.updates import (
    Desk,
    make_desks,
    make_my_updates_page,
    say_instant,
    words_to_begin_with,
)
from improvement.views.update_sending import (
    Sent,
    begin_form,
    keep_form_as_draft,
    position_now,
    read_before,
    read_form,
    send,
)
from improvement.views.updates import MAY_UPDATE
from performance.clock import today, wall_clock

NOTHING_SENT = Sent()
OPENED_AT = re.compile(r"a(\d{1,19})-opened_at")


@dataclass(frozen=True)
class Block:
    """One action on the page with its form, and what came of it when it was sent; `whose` words the
    boxes hold when it is opened, as `words_to_begin_with`."""

    desk: Desk
    form: ActionUpdateForm
    sent: Sent = NOTHING_SENT
    whose: str = ""

    @property
    def is_refused(self) -> bool:
        return self.sent.is_stopped or (self.form.is_bound and bool(self.form.errors))

    @property
    def draft_at(self) -> str:
        held = self.desk.draft if self.desk.has_draft else None
        return say_instant(held.saved_at, wall_clock()) if held else ""

    @property
    def newer_draft_at(self) -> str:
        newer = self.sent.newer_draft
        return say_instant(newer.saved_at, wall_clock()) if newer else ""

    @property
    def newer_draft_lines(self) -> list[list[str]]:
        return draft_lines(self.sent.newer_draft.words) if self.sent.newer_draft else []


def prefix_of(desk: Desk) -> str:
    return f"a{desk.action.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
@MAY_UPDATE
def my_updates_all(request: HttpRequest) -> HttpResponse:
    desks = _desks(request.user)
    if request.method != "POST":
        return _page(request, desks, {})
    refused, said = _send_and_keep(request, desks)
    for words in said:
        messages.success(request, words)
    lost = _not_asked_any_more(request, desks)
    if not (refused or said or lost):
        done = "sent" if request.POST.get("do", "").startswith("send") else "saved"
        messages.warning(request, f"Nothing was {done}: no action is filled in yet.")
    if refused or lost:
        # What was sent is no longer asked; what was not stays as it was typed.
        return _page(request, _desks(request.user), refused, lost)
    return redirect("improvement:my-updates-all")


def _desks(person: Person) -> list[Desk]:
    return make_desks(
        actions_to_update(person, today()), person, position_now(), settings.COUNCIL_CODE
    )


def _opened(desk: Desk, person: Person) -> Block:
    _, whose = words_to_begin_with(desk, person)
    return Block(desk, begin_form(desk, person, prefix_of(desk)), whose=whose)


def _send_and_keep(
    request: HttpRequest, desks: Sequence[Desk]
) -> tuple[dict[int, Block], list[str]]:
    """What could not be sent or kept, by action, and what to say of the rest. Whatever was not
    asked to be sent is kept as a draft."""
    do, refused, said = request.POST.get("do", ""), {}, []
    forms = {
        desk.action.pk: read_form(desk, request.user, request.POST, prefix_of(desk))
        for desk in desks
        if f"{prefix_of(desk)}-opened_at" in request.POST
    }
    before = read_before(forms.values(), request.user)
    is_kept = False
    for desk in desks:
        form = forms.get(desk.action.pk)
        words = read_boxes(request.POST, prefix_of(desk))
        # What was sent back and is as it was is not sent again with the rest, nor kept as a draft
        # where there is none that says something else.
        is_as_sent = desk.unread is not None and says_the_same(desk.unread, words)
        if do != f"send-{desk.action.pk}" and is_as_sent and not desk.has_draft:
            continue
        is_asked = do == f"send-{desk.action.pk}" or (do == "send-all" and bool(words))
        if form is None or not (words or desk.draft or is_asked):
            continue
        sent = (send if is_asked else keep_form_as_draft)(desk, request.user, form, before)
        is_kept = True
        if sent.is_stopped or (is_asked and sent.update is None):
            refused[desk.action.pk] = Block(desk, form, sent)
        elif sent.update:
            said.append(sent.said)
    if do == "drafts" and is_kept and not refused:
        said.append("Saved as drafts. Nobody else reads them.")
    return refused, said


def _not_asked_any_more(request: HttpRequest, desks: Sequence[Desk]) -> list[dict[str, Any]]:
    """What was typed of actions of the page that was sent that are not on it any more; with the
    action where the person may read it."""
    here = {desk.action.pk for desk in desks}
    sent = {int(found[1]) for name in request.POST if (found := OPENED_AT.fullmatch(name))}
    gone = sorted(pk for pk in sent - here if pk < 2**63)
    read = actions_read(request.user, position_now()).in_bulk(gone)
    typed = {pk: draft_lines(read_boxes(request.POST, f"a{pk}")) for pk in gone}
    return [{"action": read.get(pk), "lines": lines} for pk, lines in typed.items() if lines]


def _page(
    request: HttpRequest,
    desks: Sequence[Desk],
    refused: dict[int, Block],
    lost: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    page = make_my_updates_page(desks, [])
    shown = [one for one in page.asked if one.is_due or not one.round or one.action.pk in refused]
    blocks = [refused.get(desk.action.pk) or _opened(desk, request.user) for desk in shown]
    context = {
        "page": page,
        "blocks": blocks,
        "lost": lost,
        "problems": [block for block in blocks if block.is_refused],
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, "improvement/my_updates_all.html", context)
