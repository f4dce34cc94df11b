"""Forms about targets."""

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from performance.changes import key_of, set_target, target_state, withdraw_target
from performance.clock import moment
from performance.forms import TargetChangeForm, TargetSetForm, TargetWithdrawForm
from performance.models import ReferenceEvent, Target
from performance.reference_presenter import (
    FormPage,
    history_url,
    make_thing_events,
    say_target,
)
from performance.views.saving import answer, council, outcome, sent

TARGET = ReferenceEvent.Kind.TARGET


def get_target(number: int) -> Target:
    """The newest version of the target that the number names; Http404 where there is none."""
    targets = Target.objects.select_related("series__indicator", "area")
    named = targets.filter(pk=number).first()
    if named is None:
        raise Http404("There is no such target. The reference data lists those there are.")
    return targets.filter(
        series=named.series,
        area=named.area,
        period_start=named.period_start,
        period_end=named.period_end,
    ).latest("known_from")


@require_http_methods(["GET", "POST"])
@permission_required("performance.add_target", raise_exception=True)
def target_set(request: HttpRequest) -> HttpResponse:
    area = council()
    form = TargetSetForm(sent(request), area=area)
    page = FormPage(
        "Set a target",
        f"Reference data, {area}",
        "Set this target",
        lead="What the council means to reach in a period: a floor, a ceiling, or both for a "
        "range. It is known from the day on which it is saved.",
    )

    def save(by: AbstractBaseUser) -> str:
        facts = form.new_facts()
        event = set_target(area=area, by=by, now=moment(), **facts)
        return outcome(event, f"The target for {facts['series'].indicator} was set.")

    return answer(request, form, page, save)


@require_http_methods(["GET", "POST"])
@permission_required("performance.change_target", raise_exception=True)
def target_change(request: HttpRequest, number: int) -> HttpResponse:
    target = get_target(number)
    is_current = target.known_until is None
    lead = f"It is {say_target(target)} now. A changed target keeps the old one on record."
    if not is_current:
        lead = "It was withdrawn. Saving this form sets it again, from today."
    page = FormPage(
        f"{target.series.indicator}, {target.period_label}",
        f"Target for {target.area}, {target.series.source_short}",
        "Save the changes" if is_current else "Set it again",
        lead=lead,
        events=make_thing_events(TARGET, key_of(target)),
        history_url=history_url(TARGET, key_of(target)),
        withdraw_url=reverse("performance:target-withdraw", args=[number]) if is_current else "",
    )
    state = target_state(target)
    form = TargetChangeForm(sent(request), instance=target, state=state)

    def save(by: AbstractBaseUser) -> str:
        event = set_target(
            series=target.series,
            area=target.area,
            period_start=target.period_start,
            period_end=target.period_end,
            by=by,
            now=moment(),
            **form.facts(),
        )
        return outcome(event, f"The target for {target.series.indicator} was changed.")

    return answer(request, form, page, save)


@require_http_methods(["GET", "POST"])
@permission_required("performance.change_target", raise_exception=True)
def target_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    target = get_target(number)
    if target.known_until is not None:
        raise Http404("That target has been withdrawn already; the history says when and why.")
    page = FormPage(
        f"Withdraw the target for {target.series.indicator}, {target.period_label}",
        f"Target for {target.area}, {target.series.source_short}",
        "Withdraw this target",
        lead=f"It is {say_target(target)}. Withdrawn, it is shown on no later day; on earlier "
        "days it stays as it was.",
    )
    form = TargetWithdrawForm(sent(request), state=target_state(target))

    def save(by: AbstractBaseUser) -> str:
        event = withdraw_target(target=target, by=by, now=moment(), **form.facts())
        return outcome(event, f"The target for {target.series.indicator} was withdrawn.")

    return answer(request, form, page, save)
