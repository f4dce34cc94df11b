"""What every form about the plan does when it is sent."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from improvement.changes import (
    AddedOtherwise,
    ChangedSince,
    MoveRefused,
    NameUsed,
    NewerUpdate,
    ReferenceUsed,
    WordsHidden,
    WrongLinks,
)
from improvement.changes.updates import due_now
from improvement.forms.kept import KeepForm, Newer
from improvement.models import Action, Plan, Theme
from improvement.permissions import Person, actions_read, may_keep, themes_read
from improvement.presenters.keeping import FormPage
from improvement.views.update_sending import position_now
from performance.views.loads import who

NOTHING = "Nothing was different, so nothing was saved."
NOT_YOURS = (
    "This is a theme that you do not keep. Its lead adds and changes its actions; the Director "
    "chooses who leads it."
)


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, empty or not; None for a form that is only opened."""
    return request.POST if request.method == "POST" else None


def get_action(request: HttpRequest, reference: str) -> Action:
    """The action, for whoever keeps its theme. Http404 where there is none that they may read."""
    read = actions_read(who(request), position_now()).filter(reference=reference)
    action = read.select_related("theme__plan__framework", "owner", "comes_from").first()
    if action is None:
        raise Http404(f"There is no action “{reference}”. The plan’s list can be searched.")
    _refuse_others(request, action.theme)
    return action


def get_theme(request: HttpRequest, plan: str, slug: str) -> Theme:
    """The theme, for whoever keeps it. Http404 where there is none that they may read."""
    theme = find_theme(who(request), plan, slug)
    _refuse_others(request, theme)
    return theme


def find_theme(person: Person, plan: str, slug: str) -> Theme:
    read = themes_read(person, position_now()).filter(plan__slug=plan, slug=slug)
    theme = read.select_related("plan__framework").first()
    if theme is None:
        raise Http404(f"There is no theme “{slug}” in a plan “{plan}”.")
    return theme


def get_plan_named(slug: str) -> Plan:
    plan = Plan.objects.select_related("framework").filter(slug=slug).first()
    if plan is None:
        raise no_plan(slug)
    return plan


def no_plan(slug: str) -> Http404:
    """Also for a plan that the person may not know of yet: the two answers are one."""
    return Http404(f"There is no plan “{slug}”.")


def _refuse_others(request: HttpRequest, theme: Theme) -> None:
    if not may_keep(who(request), theme):
        raise PermissionDenied(NOT_YOURS)


def answer(
    request: HttpRequest,
    form: KeepForm,
    page: FormPage,
    save: Callable[[Person], tuple[str, str]],
    **context: Any,
) -> HttpResponse:
    """The form's page; once the form is right and saved, the way on.

    `save` saves it for the person who sent it, and comes back with what to say and where to go.
    """
    if form.is_valid():
        try:
            said, onward = save(who(request))
        except ChangedSince as newer:
            form.show_newer(newer)
        except NewerUpdate as newer:
            _show_newer_update(form, newer)
        except ReferenceUsed as used:
            name = next((name for name in form.fields if _holds(form, name, used)), None)
            form.add_error(name, "Another action has this reference already.")
        except (AddedOtherwise, MoveRefused, WrongLinks, NameUsed, WordsHidden) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect(onward)
    context |= {"form": form, "page": page}
    return render(request, "improvement/keep_form.html", context)


def _holds(form: KeepForm, name: str, used: ReferenceUsed) -> bool:
    return name.startswith("reference") and form.cleaned_data.get(name) == used.reference


def _show_newer_update(form: KeepForm, newer: NewerUpdate) -> None:
    """What was said or moved since, beside what was typed."""
    if newer.update:
        said = f"{newer.update.get_status_display()}: {newer.update.narrative}"
        form.newer.append(Newer("What was said last", said))
    if newer.move:
        form.newer.append(Newer("Due", str(due_now(newer.move.action))))
    last = newer.update if newer.update and newer.update.made_by else newer.move
    person = getattr(last, "made_by", None) or getattr(last, "by", None)
    form.changed_by = person.get_username() if person else ""
    form.open_anew(newer.opened_at)
