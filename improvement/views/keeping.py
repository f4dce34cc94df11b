"""An action's keepers: add, reword, assign, link, split, stop, move the due date."""

from collections.abc import Sequence

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from improvement.changes import (
    AlreadySplit,
    MoveRefused,
    add_action,
    assign_action,
    link_action,
    move_due_date,
    reword_action,
    split_action,
    state_of,
    stop_action,
)
from improvement.changes.facts import (
    link_facts,
    links_of,
    next_reference,
    owner_fact,
    part_references,
    word_facts,
    words_of,
)
from improvement.changes.opened import state_kept
from improvement.changes.updates import due_now
from improvement.forms.keeping import (
    ActionAddForm,
    ActionAssignForm,
    ActionLinkForm,
    ActionRewordForm,
    ActionSplitForm,
    ActionStopForm,
    DueMoveForm,
    words_initial,
)
from improvement.importer.sheet_compare import may_own
from improvement.models import Action, PlanEvent, Theme
from improvement.permissions import Person
from improvement.presenters.keeping import (
    FormPage,
    make_action_keep_page,
    make_kept_plans,
    say_due,
    say_moves,
)
from improvement.views.saving import NOTHING, answer, get_action, get_theme, sent
from performance.calculations.wording import say_times
from performance.clock import moment, today
from performance.models import Indicator
from performance.views.loads import who

KIND = PlanEvent.Kind.ACTION
KEEPS = "improvement.keep_actions"
FORM = ["GET", "HEAD", "POST"]


@require_safe
def keep(request: HttpRequest) -> HttpResponse:
    """What the person keeps: their themes with their actions; also for who keeps the plan alone."""
    person = who(request)
    if not (person.has_perm(KEEPS) or person.has_perm("improvement.keep_plan")):
        raise PermissionDenied
    return render(request, "improvement/keep.html", {"plans": make_kept_plans(person, today())})


@require_safe
@permission_required(KEEPS, raise_exception=True)
def action_keep(request: HttpRequest, reference: str) -> HttpResponse:
    page = make_action_keep_page(get_action(request, reference))
    return render(request, "improvement/action_keep.html", {"page": page})


def keep_url(action: Action) -> str:
    return reverse("improvement:action-keep", args=[action.reference])


def frame(action: Action, title: str, button: str, lead: str = "", **more: object) -> FormPage:
    """The frame of a form about an action."""
    return FormPage(
        title,
        f"{action.reference} {action.title}",
        button,
        keep_url(action),
        f"Keep action {action.reference}",
        lead,
        **more,  # type: ignore[arg-type]
    )


def figures_offered(action: Action | None, ticked: list[str]) -> list[Indicator]:
    """The panel's set, and whatever the action is linked to or was just ticked."""
    linked = set(action.indicators.values_list("code", flat=True)) if action else set()
    wanted = linked | set(ticked)
    every = Indicator.objects.order_by("short_title")
    return [one for one in every if one.in_panel_set or one.code in wanted]


def people_offered(action: Action | None = None) -> list[Person]:
    """Whoever can be asked, and whoever is."""
    people = list(may_own())
    if action and action.owner and action.owner not in people:
        people.append(action.owner)
    return people


@require_http_methods(FORM)
@permission_required(KEEPS, raise_exception=True)
def action_add(request: HttpRequest, plan: str, slug: str) -> HttpResponse:
    theme = get_theme(request, plan, slug)
    form = ActionAddForm(
        sent(request),
        owners=people_offered(),
        judgements=list(theme.plan.framework.judgements.order_by("order")),
        indicators=figures_offered(None, []),
        initial={"reference": next_reference(theme), "kind": Action.Kind.ACTION},
    )
    page = FormPage(
        "Add an action",
        f"Theme {theme.number}: {theme.title}",
        "Add this action",
        reverse("improvement:keep"),
        "Keep the plan",
        "Members read it at once. Its reference and its first due date are kept for ever.",
    )
    if again := _added_already(request, theme):
        return redirect(keep_url(again))

    def save(by: Person) -> tuple[str, str]:
        made = add_action(
            theme=theme,
            reference=form.cleaned_data["reference"],
            words=form.words(),
            links=form.links(),
            first_due=form.cleaned_data["first_due"],
            owner=form.chosen_owner(),
            by=by,
            now=moment(),
        )
        return f"Action {made.reference} was added.", keep_url(made)

    return answer(request, form, page, save)


def _added_already(request: HttpRequest, theme: Theme) -> Action | None:
    """What the same form made that was sent twice, by a double click say."""
    columns = {"reference": "reference", "title": "title", "description": "promised"}
    said = {column: _plain(request.POST.get(name, "")) for column, name in columns.items()}
    made = Action.objects.filter(theme=theme, **said).first() if said["reference"] else None
    done = PlanEvent.Done.ADDED
    events = PlanEvent.objects.about(KIND, said["reference"]).filter(done=done, by=who(request))
    return made if made and events.exists() else None


def _plain(text: str) -> str:
    """As a form's box comes back, less what no database holds."""
    return text.replace("\0", "").strip().replace("\r\n", "\n")


@require_http_methods(FORM)
@permission_required(KEEPS, raise_exception=True)
def action_reword(request: HttpRequest, reference: str) -> HttpResponse:
    action = get_action(request, reference)
    words = words_of(action)
    form = ActionRewordForm(
        sent(request),
        initial=words_initial(words),
        state=state_kept(KIND, reference, word_facts(words)),
    )

    def save(by: Person) -> tuple[str, str]:
        event = reword_action(
            action=action,
            words=form.words(),
            reason=form.cleaned_data["reason"],
            by=by,
            now=moment(),
            opened_at=form.cleaned_data["opened_at"],
        )
        return (f"Action {reference} was reworded." if event else NOTHING), keep_url(action)

    lead = (
        "Members read the new words at once, on pages of earlier days too; the history keeps the "
        "old ones."
    )
    return answer(request, form, frame(action, "Reword an action", "Save these words", lead), save)


@require_http_methods(FORM)
@permission_required(KEEPS, raise_exception=True)
def action_assign(request: HttpRequest, reference: str) -> HttpResponse:
    action = get_action(request, reference)
    form = ActionAssignForm(
        sent(request),
        owners=people_offered(action),
        initial=owner_fact(action),
        state=state_kept(KIND, reference, owner_fact(action)),
    )

    def save(by: Person) -> tuple[str, str]:
        owner = form.chosen_owner()
        event = assign_action(
            action=action,
            owner=owner,
            by=by,
            now=moment(),
            reason=form.cleaned_data["reason"],
            opened_at=form.cleaned_data["opened_at"],
        )
        asked = owner.get_username() if owner else "Nobody"
        said = f"{asked} is asked for the updates of action {reference} from now on."
        return (said if event else NOTHING), keep_url(action)

    page = frame(action, "Ask somebody else for its updates", "Save")
    return answer(request, form, page, save)


@require_http_methods(FORM)
@permission_required(KEEPS, raise_exception=True)
def action_link(request: HttpRequest, reference: str) -> HttpResponse:
    action = get_action(request, reference)
    links = links_of(action)
    facts = link_facts(links)
    form = ActionLinkForm(
        sent(request),
        judgements=list(action.theme.plan.framework.judgements.order_by("order")),
        indicators=figures_offered(action, request.POST.getlist("indicators")),
        initial={
            "main": facts["judgements"][0] if facts["judgements"] else "",
            "others": facts["judgements"][1:],
            "indicators": facts["indicators"],
        },
        state=state_kept(KIND, reference, facts),
    )

    def save(by: Person) -> tuple[str, str]:
        event = link_action(
            action=action,
            links=form.links(),
            by=by,
            now=moment(),
            reason=form.cleaned_data["reason"],
            opened_at=form.cleaned_data["opened_at"],
        )
        return (f"The links of action {reference} were saved." if event else NOTHING), keep_url(
            action
        )

    page = frame(action, "Link it to judgements and figures", "Save these links")
    return answer(request, form, page, save)


@require_http_methods(FORM)
@permission_required(KEEPS, raise_exception=True)
def action_due(request: HttpRequest, reference: str) -> HttpResponse:
    action = get_action(request, reference)
    form = DueMoveForm(sent(request), stands=due_now(action), on=today(), state=state_of(action))

    def save(by: Person) -> tuple[str, str]:
        due = form.cleaned_data["due"]
        move = move_due_date(
            action=action,
            to=due,
            reason=form.cleaned_data["reason"],
            by=by,
            now=moment(),
            opened_at=form.cleaned_data["opened_at"],
        )
        said = f"Action {reference} is due {due.in_a_sentence()} from now on."
        return (said if move else NOTHING), keep_url(action)

    facts = [
        ("Due now", str(due_now(action)) or "no date"),
        ("First due date", str(action.first_due) or "no date"),
        ("Moved so far", say_times(action.date_changes.moves().count())),
    ]
    lead = (
        "Members see the new date at once. The first date is kept for ever, and every move is "
        "counted and shown with its reason."
    )
    page = frame(
        action, "Move the due date", "Move the date", lead, facts=facts, moves=say_moves(action)
    )
    return answer(request, form, page, save)


@require_http_methods(FORM)
@permission_required(KEEPS, raise_exception=True)
def action_stop(request: HttpRequest, reference: str) -> HttpResponse:
    action = get_action(request, reference)
    form = ActionStopForm(sent(request), state=state_of(action))

    def save(by: Person) -> tuple[str, str]:
        stop_action(
            action=action,
            narrative=form.cleaned_data["narrative"],
            reason=form.cleaned_data["reason"],
            by=by,
            opened_at=form.cleaned_data["opened_at"],
            submission=form.cleaned_data["submission"],
            on=today(),
            now=moment(),
        )
        said = f"Sent: action {reference} is to be stopped. {say_release(action.theme)}"
        return said, keep_url(action)

    page = frame(
        action, "Stop an action", "Stop this action",
        f"Nothing is deleted: the action keeps its place and its history. "
        f"{say_release(action.theme)}",
    )  # fmt: skip
    return answer(request, form, page, save)


def say_release(theme: Theme) -> str:
    if theme.needs_approval:
        return "Members read that once somebody else has approved it and it has been released."
    return "Members read that once it has been released."


@require_http_methods(FORM)
@permission_required(KEEPS, raise_exception=True)
def action_split(request: HttpRequest, reference: str) -> HttpResponse:
    action = get_action(request, reference)
    form = ActionSplitForm(
        sent(request), references=part_references(action, 3), state=state_of(action)
    )
    if before := _split_before(request, action):
        if _are_as_sent(request, before):
            return redirect(keep_url(action))
        form.add_error(None, SPLIT_OTHERWISE)

    def save(by: Person) -> tuple[str, str]:
        try:
            made = split_action(
                action=action,
                parts=form.parts(),
                is_stopped=form.cleaned_data["stops"],
                reason=form.cleaned_data["reason"],
                by=by,
                opened_at=form.cleaned_data["opened_at"],
                submission=form.cleaned_data["submission"],
                on=today(),
                now=moment(),
            )
        except AlreadySplit as already:
            made = list(already.parts)
            if not _are_as_sent(request, made):
                raise MoveRefused(SPLIT_OTHERWISE) from already
        names = " and ".join(part.reference for part in made)
        return f"Action {reference} was split into {names}.", keep_url(action)

    lead = (
        "The new actions take over its service, owner, links and dates: a date that has moved "
        "stays counted."
    )
    page = frame(
        action, "Split an action", "Split this action", lead, facts=[("Due", say_due(action))]
    )
    return answer(request, form, page, save)


SPLIT_OTHERWISE = (
    "This form has split the action already, with other words, and those were kept: reword the new "
    "actions instead."
)


def _split_before(request: HttpRequest, action: Action) -> list[Action]:
    """What the same form made when it was sent before."""
    submission = _plain(request.POST.get("submission", ""))
    events = PlanEvent.objects.about(KIND, action.reference).filter(done=PlanEvent.Done.SPLIT)
    event = events.filter(after__submission=submission).first() if submission else None
    return list(Action.objects.filter(reference__in=event.after["into"])) if event else []


def _are_as_sent(request: HttpRequest, made: Sequence[Action]) -> bool:
    names = ("reference", "title", "promised")
    said = {
        tuple(_plain(request.POST.get(f"{name}_{place}", "")) for name in names)
        for place in (1, 2, 3)
        if request.POST.get(f"title_{place}", "").strip()
    }
    return {(one.reference, one.title, one.description) for one in made} == said
