"""What the pages of updates share: finding the action, its form, drafts, and sending."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404

from improvement.changes import (
    MoveRefused,
    NewerDraft,
    NewerUpdate,
    discard_draft,
    save_draft,
    submit_update,
)
from improvement.forms.updates import (
    ActionUpdateForm,
    FormState,
    is_too_long,
    read_boxes,
    says_the_same,
)
from improvement.models import ProgressUpdate, UpdateDraft
from improvement.moves import allowed_moves
from improvement.permissions import Person, actions_read, may_keep, may_update
from improvement.presenters.newer import Newer, make_newer
from improvement.presenters.updates import (
    Desk,
    make_desks,
    reviewed_updates,
    words_to_begin_with,
)
from performance.calculations.position import Position
from performance.clock import moment, now, today, wall_clock

# What was sent, by the number of the form that it came of.
Before = Mapping[UUID, ProgressUpdate]
NOT_YOURS = (
    "You may say how an action stands if it is yours, or if you lead its theme. This one is "
    "neither."
)


def position_now() -> Position:
    return Position(on=today(), known_at=now())


def find_desk(person: Person, reference: str) -> Desk:
    """The action with all that its form shows. Http404, PermissionDenied."""
    found = actions_read(person, position_now()).filter(reference=reference)
    desks = make_desks(found, person, position_now(), settings.COUNCIL_CODE)
    if not desks:
        raise Http404(f"The plan has no action “{reference}”. “My updates” lists yours.")
    if not may_update(person, desks[0].action):
        raise PermissionDenied(NOT_YOURS)
    return desks[0]


def state_for(desk: Desk, person: Person) -> FormState:
    last = desk.sent
    return FormState(
        opened_at=desk.state,
        moves=allowed_moves(desk.status_read, keeps=may_keep(person, desk.action.theme)),
        before=desk.status_read,
        due=desk.due,
        on=today(),
        typed_by=person.pk,
        revision=desk.draft.revision if desk.draft else 0,
        may_correct=desk.unread is None and last is not None and last.made_by_id == person.pk,
    )


def begin_form(desk: Desk, person: Person, prefix: str | None = None) -> ActionUpdateForm:
    """The form as it is opened, with the draft or with what was sent and not yet read."""
    words, _ = words_to_begin_with(desk, person)
    offered = [one.indicator for one in desk.figures]
    return ActionUpdateForm(
        state=state_for(desk, person), offered=offered, words=words, prefix=prefix
    )


def read_form(desk: Desk, person: Person, data: Any, prefix: str | None = None) -> ActionUpdateForm:
    """The form as it was sent."""
    offered = [one.indicator for one in desk.figures]
    return ActionUpdateForm(data, state=state_for(desk, person), offered=offered, prefix=prefix)


@dataclass(frozen=True)
class Sent:
    """What came of a form that was sent. `update` is None where nothing was; then one of the rest
    says why, or the form's own errors do."""

    update: ProgressUpdate | None = None
    said: str = ""
    newer: Newer | None = None
    newer_draft: UpdateDraft | None = None
    sent_before: ProgressUpdate | None = None
    is_somebody_elses: bool = False
    is_too_long: bool = False

    @property
    def is_stopped(self) -> bool:
        stops = (self.newer, self.newer_draft, self.sent_before)
        return any(stops) or self.is_somebody_elses or self.is_too_long


def read_before(forms: Iterable[ActionUpdateForm], person: Person) -> Before:
    """What the person has sent with these forms before, in one query."""
    numbers = {form.sent_submission for form in forms} - {None}
    mine = reviewed_updates().filter(made_by=person, submission__in=numbers)
    return {one.submission: one for one in mine if one.submission}


def look_before_sending(
    desk: Desk, person: Person, form: ActionUpdateForm, before: Before | None = None
) -> Sent:
    """Whether the form can be sent as it was opened. Where it cannot, the form is brought up to
    the present, so that sending it again is deliberate, and what was typed stays. `before` is what
    was read of a page of many forms; without it, it is read of this one."""
    boxes = read_boxes(form.data, form.prefix or "")  # type: ignore[arg-type]
    if _is_somebody_elses(form, person):
        form.carry(submission=str(uuid4()))
        return Sent(is_somebody_elses=True)
    sent = _sent_with(form, desk, person, before)
    if sent is not None and says_the_same(sent, boxes):
        again = f"Your update of {desk.action.reference} was sent already, and is kept once."
        return Sent(update=sent, said=again)
    if sent is not None:
        form.carry(opened_at=desk.state, submission=str(uuid4()))
        return Sent(sent_before=sent)
    draft = desk.draft
    if draft and draft.words != boxes and draft.revision != form.sent_revision:
        return _newer_draft(form, draft)
    if form.carried("opened_at") != desk.state:
        return _stale(desk, person, form)
    return Sent()


def _is_somebody_elses(form: ActionUpdateForm, person: Person) -> bool:
    """Whether another person opened the form; then it is theirs from now on who sent it."""
    if form.carried("typed_by") in ("", str(person.pk)):
        return False
    form.carry(typed_by=str(person.pk))
    return True


def _sent_with(
    form: ActionUpdateForm, desk: Desk, person: Person, before: Before | None
) -> ProgressUpdate | None:
    read = read_before([form], person) if before is None else before
    found = read.get(form.sent_submission) if form.sent_submission else None
    return found if found and found.action_id == desk.action.pk else None


def _stale(desk: Desk, person: Person, form: ActionUpdateForm) -> Sent:
    newer = make_newer(desk, person, wall_clock(), form.carried("opened_at"))
    form.carry(opened_at=desk.state)
    return Sent(newer=newer)


def send(desk: Desk, person: Person, form: ActionUpdateForm, before: Before | None = None) -> Sent:
    """The update that was made of the form, or why none was. `before` as `look_before_sending`."""
    looked = look_before_sending(desk, person, form, before)
    if looked.is_stopped or looked.update:
        return looked
    if not form.is_valid():
        return Sent()
    corrects = desk.sent if form.cleaned_data.get("corrects") else None
    try:
        made = submit_update(
            action=desk.action,
            words=form.words(),
            by=person,
            opened_at=form.carried("opened_at"),
            submission=form.sent_submission or uuid4(),
            on=today(),
            now=moment(),
            corrects=corrects,
            draft=desk.draft.revision if desk.draft else 0,
        )
    except NewerUpdate:
        return _stale(find_desk(person, desk.action.reference), person, form)
    except MoveRefused as refused:
        form.add_error(None, str(refused))
        return Sent()
    goes = (
        "The theme’s lead reads it next."
        if desk.action.theme.needs_approval
        else ("Members read it once the Director releases it.")
    )
    return Sent(update=made, said=f"Sent: {desk.action}. {goes}")


def keep_draft(
    desk: Desk, person: Person, words: Mapping[str, Any], *, opened_at: str, revision: int
) -> UpdateDraft | None:
    """The draft with these words; None where there is nothing to keep. Raises NewerDraft."""
    if not words and desk.draft is None:
        return None
    return save_draft(
        action=desk.action, by=person, words=dict(words),
        opened_at=opened_at or desk.state, revision=revision,
    )  # fmt: skip


def keep_form_as_draft(
    desk: Desk, person: Person, form: ActionUpdateForm, before: Before | None = None
) -> Sent:
    """What stands in the way of keeping it; nothing where it was kept. `before` as
    `look_before_sending`."""
    words = read_boxes(form.data, form.prefix or "")  # type: ignore[arg-type]
    if _is_somebody_elses(form, person):
        return Sent(is_somebody_elses=True)
    if is_too_long(words):
        return Sent(is_too_long=True)
    sent = _sent_with(form, desk, person, before)
    if sent is not None and says_the_same(sent, words):
        return Sent()
    try:
        opened_at = form.carried("opened_at")[:40]
        keep_draft(desk, person, words, opened_at=opened_at, revision=form.sent_revision)
    except NewerDraft as newer:
        return _newer_draft(form, newer.draft)
    return Sent()


def discard_form(desk: Desk, person: Person, form: ActionUpdateForm) -> Sent:
    """What stands in the way of throwing the draft away; nothing where it is gone."""
    if _is_somebody_elses(form, person):
        return Sent(is_somebody_elses=True)
    try:
        discard_draft(action=desk.action, by=person, revision=form.sent_revision)
    except NewerDraft as newer:
        return _newer_draft(form, newer.draft)
    return Sent()


def _newer_draft(form: ActionUpdateForm, draft: UpdateDraft) -> Sent:
    form.carry(revision=str(draft.revision))
    return Sent(newer_draft=draft)
