"""The people, for the administrator: who is let in, as what, and how they sign in."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard import changes
from dashboard.models import User
from dashboard.people_forms import InviteForm, LastDayForm, ReasonForm, RolesForm, ThemesForm
from dashboard.presenters.people import make_left_behind, make_people_page, make_person_page
from dashboard.roles import KEEP_PEOPLE, LEAD_THEMES, ROLES
from dashboard.views.account import me
from improvement.models import Plan, Theme
from performance.calculations.partial_date import PartialDate
from performance.calculations.position import Position
from performance.clock import moment, now, today

keeps_people = permission_required(KEEP_PEOPLE, raise_exception=True)
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@keeps_people
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "people/people.html", {"people": make_people_page()})


@form_page
@keeps_people
def person_invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, themes=_themes(), on=today())
    if form.is_valid():
        try:
            made = changes.invite_person(
                by=me(request), site=_site(request), now=moment(), **form.cleaned_data
            )
        except changes.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, f"{made} is invited: a message is on its way to {made.email}."
            )
            if make_person_page(made).lacks_theme:
                messages.warning(
                    request, f"{made} leads no theme yet: tick one under “Leads” below."
                )
            return redirect("person", number=made.pk)
    context = {"form": form, "roles": ROLES, "ticked": request.POST.getlist("roles")}
    return render(request, "people/invite.html", context)


@require_safe
@keeps_people
def person(request: HttpRequest, number: int) -> HttpResponse:
    found = _get(number)
    context = {"page": make_person_page(found), "is_self": found == request.user}
    return render(request, "people/person.html", context)


@form_page
@keeps_people
def person_roles(request: HttpRequest, number: int) -> HttpResponse:
    found = _get(number)
    page = make_person_page(found)
    form = RolesForm(request.POST if request.method == "POST" else None, held=page.role_slugs)
    if form.is_valid() and (answer := _change(request, form, changes.set_roles, person=found)):
        return answer
    ticked = request.POST.getlist("roles") if request.method == "POST" else page.role_slugs
    context = {"form": form, "page": page, "roles": ROLES, "ticked": ticked}
    return render(request, "people/roles.html", context)


@form_page
@keeps_people
def person_themes(request: HttpRequest, number: int) -> HttpResponse:
    found, themes = _get(number), _themes()
    led = [theme for theme in themes if found in theme.leads.all()]
    form = ThemesForm(request.POST if request.method == "POST" else None, themes=themes, held=led)
    change = partial(changes.set_themes, among=themes, now=moment())
    if form.is_valid() and (answer := _change(request, form, change, person=found)):
        return answer
    may_lead = found.has_perm(LEAD_THEMES)
    context = {"form": form, "page": make_person_page(found), "may_lead": may_lead or led}
    return render(request, "people/themes.html", context)


@form_page
@keeps_people
def person_last_day(request: HttpRequest, number: int) -> HttpResponse:
    found = _get(number)
    sent = request.POST if request.method == "POST" else None
    form = LastDayForm(sent, initial={"last_day": found.last_day})
    return _form_page(request, found, form, changes.set_last_day, "last_day")


@form_page
@keeps_people
def person_deactivate(request: HttpRequest, number: int) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    found = _get(number)
    position = Position(on=today(), known_at=now())
    left = make_left_behind(found, by=me(request), position=position)
    return _form_page(request, found, form, changes.deactivate_person, "deactivate", left=left)


@form_page
@keeps_people
def person_second_factor(request: HttpRequest, number: int) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return _form_page(request, _get(number), form, changes.reset_second_factor, "second_factor")


@require_POST
@keeps_people
def person_reactivate(request: HttpRequest, number: int) -> HttpResponse:
    found = _get(number)
    if not changes.reactivate_person(person=found, by=me(request)):
        return redirect("person", number=number)
    if found.is_past_last_day(today()):
        day = PartialDate(found.last_day, "day")
        messages.warning(
            request,
            f"Deactivated no longer, but {found}’s last day was {day}: they cannot sign in until "
            "you give them a new one, or none.",
        )
        return redirect("person-last-day", number=number)
    messages.success(request, f"{found} can sign in again.")
    return redirect("person", number=number)


@require_POST
@keeps_people
def person_invite_again(request: HttpRequest, number: int) -> HttpResponse:
    found = _get(number)
    try:
        changes.invite_again(person=found, by=me(request), site=_site(request), on=today())
    except changes.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Another invitation is on its way to {found.email}.")
    return redirect("person", number=number)


def _form_page(
    request: HttpRequest, found: User, form: forms.Form, change: Any, name: str, **words: Any
) -> HttpResponse:
    """The form's page, or after the change the person's."""
    if form.is_valid() and (answer := _change(request, form, change, person=found)):
        return answer
    context = {"form": form, "page": make_person_page(found), **words}
    return render(request, f"people/{name}.html", context)


def _change(
    request: HttpRequest, form: forms.Form, change: Any, *, person: User
) -> HttpResponse | None:
    """To the person's page, with a message; None, with the reason on the form, when refused."""
    # A tick that was asked for, and what a form carries along, are no facts of the person.
    asked = {name: fact for name, fact in form.cleaned_data.items() if name in form.base_fields}
    try:
        changed = change(person=person, by=me(request), **asked)
    except changes.Refused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, "Saved." if changed else "Nothing was changed.")
    return redirect("person", number=person.pk)


def _themes() -> list[Theme]:
    """Of the plans that are kept today, in the plans' order."""
    kept = Theme.objects.filter(plan__in=Plan.objects.kept(today()))
    ordered = kept.select_related("plan").order_by("plan__starts_on", "plan__slug", "number")
    return list(ordered.prefetch_related("leads"))


def _get(number: int) -> User:
    found = User.objects.filter(pk=number).first()
    if found is None:
        raise Http404("There is no such person. The list of people shows everybody.")
    return found


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
