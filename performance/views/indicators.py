"""Forms about indicators, their series, and which of them the panel looks at."""

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from performance.changes import (
    PANEL_SET,
    add_indicator,
    add_series,
    change_indicator,
    change_series,
    choose_panel_set,
    indicator_facts,
    panel_set_state,
    series_facts,
    state_of,
)
from performance.forms import (
    IndicatorAddForm,
    IndicatorChangeForm,
    PanelSetForm,
    SeriesAddForm,
    SeriesChangeForm,
)
from performance.models import Indicator, ReferenceEvent, Series
from performance.reference_presenter import FormPage, history_url, make_thing_events
from performance.views.saving import answer, outcome, sent

Kind = ReferenceEvent.Kind


@require_http_methods(["GET", "POST"])
@permission_required("performance.add_indicator", raise_exception=True)
def indicator_add(request: HttpRequest) -> HttpResponse:
    form = IndicatorAddForm(sent(request))
    page = FormPage(
        "Add an indicator",
        "Reference data",
        "Add this indicator",
        lead="What is measured, and which way is good. Its figures come in series, one for each "
        "source: add those next.",
    )

    def save(by: AbstractBaseUser) -> str:
        added = add_indicator(by=by, **form.new_facts())
        return f"“{added}” was added. Add a series for it next."

    return answer(request, form, page, save)


@require_http_methods(["GET", "POST"])
@permission_required("performance.change_indicator", raise_exception=True)
def indicator_change(request: HttpRequest, code: str) -> HttpResponse:
    indicator = Indicator.objects.filter(code=code).first()
    if indicator is None:
        raise Http404(f"There is no indicator “{code}”. The reference data lists those there are.")
    page = FormPage(
        indicator.short_title,
        f"Indicator {code}",
        "Save the changes",
        events=make_thing_events(Kind.INDICATOR, code),
        history_url=history_url(Kind.INDICATOR, code),
    )
    state = state_of(Kind.INDICATOR, code, indicator_facts(indicator))
    form = IndicatorChangeForm(sent(request), instance=indicator, state=state)

    def save(by: AbstractBaseUser) -> str:
        event = change_indicator(indicator=indicator, by=by, **form.facts())
        return outcome(event, f"“{indicator}” was changed.")

    return answer(request, form, page, save)


@require_http_methods(["GET", "POST"])
@permission_required("performance.add_series", raise_exception=True)
def series_add(request: HttpRequest) -> HttpResponse:
    form = SeriesAddForm(sent(request))
    page = FormPage(
        "Add a series",
        "Reference data",
        "Add this series",
        lead="An indicator from one source under one version of its definition. Another source, "
        "or a changed definition, is another series.",
    )

    def save(by: AbstractBaseUser) -> str:
        added = add_series(by=by, **form.new_facts())
        return f"“{added}” was added. Its figures come with the next load."

    return answer(request, form, page, save)


@require_http_methods(["GET", "POST"])
@permission_required("performance.change_series", raise_exception=True)
def series_change(request: HttpRequest, code: str) -> HttpResponse:
    series = Series.objects.filter(code=code).select_related("indicator").first()
    if series is None:
        raise Http404(f"There is no series “{code}”. The reference data lists those there are.")
    page = FormPage(
        str(series),
        f"Series {code}",
        "Save the changes",
        events=make_thing_events(Kind.SERIES, code),
        history_url=history_url(Kind.SERIES, code),
    )
    state = state_of(Kind.SERIES, code, series_facts(series))
    form = SeriesChangeForm(sent(request), instance=series, state=state)

    def save(by: AbstractBaseUser) -> str:
        event = change_series(series=series, by=by, **form.facts())
        return outcome(event, f"“{series}” was changed.")

    return answer(request, form, page, save)


@require_http_methods(["GET", "POST"])
@permission_required("performance.change_indicator", raise_exception=True)
def panel_set_choose(request: HttpRequest) -> HttpResponse:
    page = FormPage(
        "The panel’s set",
        "Reference data",
        "Save the set",
        lead="The set is what the panel’s pages list. Key indicators come first: at most twelve.",
        events=make_thing_events(Kind.PANEL_SET, PANEL_SET),
        history_url=history_url(Kind.PANEL_SET, PANEL_SET),
    )
    indicators = list(Indicator.objects.order_by("short_title"))
    form = PanelSetForm(sent(request), indicators=indicators, state=panel_set_state())

    def save(by: AbstractBaseUser) -> str:
        event = choose_panel_set(by=by, **form.facts())
        return outcome(event, "The panel’s set was changed.")

    return answer(request, form, page, save, "performance/panel_set_choose.html")
