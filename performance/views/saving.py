"""What every form about reference data does when it is sent."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from performance.changes import ChangedSince
from performance.forms import WithReason
from performance.importer.versions import VersionRefused
from performance.models import Area, ReferenceEvent
from performance.reference_presenter import FormPage

NOTHING = "Nothing was different, so nothing was saved."
SAME_INSTANT = (
    "A version known from this day or later is on record already: nothing was saved. Change it on "
    "a later day."
)


def council() -> Area:
    """The council whose site this is."""
    return get_object_or_404(Area, code=settings.COUNCIL_CODE)


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, empty or not; None for a form that is only opened."""
    return request.POST if request.method == "POST" else None


def outcome(event: ReferenceEvent | None, saved: str) -> str:
    """What to say after a change: that it was saved, or that there was nothing to save."""
    return saved if event else NOTHING


def answer(
    request: HttpRequest,
    form: WithReason,
    page: FormPage,
    save: Callable[[AbstractBaseUser], str],
    template: str = "performance/reference_form.html",
) -> HttpResponse:
    """The form's page; once the form is right and saved, the way back to the list.

    `save` saves it for the person who sent it, and comes back with what to say.
    """
    if request.user.is_authenticated and form.is_valid():
        try:
            said = save(request.user)
        except ChangedSince as newer:
            form.show_newer(newer)
        except VersionRefused:
            form.add_error(None, SAME_INSTANT)
        else:
            messages.success(request, said)
            return redirect("performance:reference")
    return render(request, template, {"form": form, "page": page})
