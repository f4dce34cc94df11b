"""Forms about the councils that a council is held beside."""

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from performance.changes import (
    add_comparator_group,
    change_comparator_group,
    group_facts,
    neighbours_of,
    state_of,
)
from performance.forms import ComparatorAddForm, ComparatorChangeForm
from performance.models import ComparatorGroup, ReferenceEvent
from performance.reference_presenter import FormPage, history_url, make_thing_events
from performance.views.saving import answer, council, outcome, sent

GROUP = ReferenceEvent.Kind.COMPARATOR_GROUP


@require_http_methods(["GET", "POST"])
@permission_required("performance.add_comparatorgroup", raise_exception=True)
def comparator_add(request: HttpRequest) -> HttpResponse:
    area = council()
    form = ComparatorAddForm(sent(request), area=area)
    page = FormPage(
        "Add a comparator group",
        f"Reference data, {area}",
        "Add this group",
        lead="One published list of councils to compare with. A later list is another group.",
    )

    def save(by: AbstractBaseUser) -> str:
        added = add_comparator_group(for_area=area, by=by, **form.new_facts())
        return f"“{added}” was added."

    return answer(request, form, page, save)


@require_http_methods(["GET", "POST"])
@permission_required("performance.change_comparatorgroup", raise_exception=True)
def comparator_change(request: HttpRequest, slug: str) -> HttpResponse:
    area = council()
    group = ComparatorGroup.objects.filter(slug=slug).first()
    if group is None:
        raise Http404(
            f"There is no comparator group “{slug}”. The reference data lists those there are."
        )
    page = FormPage(
        group.title,
        f"Comparator group, the neighbours of {area}",
        "Save the changes",
        events=make_thing_events(GROUP, slug),
        history_url=history_url(GROUP, slug),
    )
    form = ComparatorChangeForm(
        sent(request),
        instance=group,
        area=area,
        initial={"members": neighbours_of(group, area)},
        state=state_of(GROUP, slug, group_facts(group, area)),
    )

    def save(by: AbstractBaseUser) -> str:
        event = change_comparator_group(group=group, for_area=area, by=by, **form.facts())
        return outcome(event, f"“{group}” was changed.")

    return answer(request, form, page, save)
