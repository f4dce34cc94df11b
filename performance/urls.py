from django.urls import path, register_converter

from performance.converters import SeriesCodeConverter
from performance.views import annotations, comparators, indicators, reference, targets

register_converter(SeriesCodeConverter, "series_code")

annotation_patterns = [
    path("new/", annotations.annotation_add, name="annotation-add"),
    path("<int:number>/close/", annotations.annotation_close, name="annotation-close"),
]

reference_patterns = [
    path("", reference.reference, name="reference"),
    path("history/", reference.history, name="reference-history"),
    path("panel-set/", indicators.panel_set_choose, name="panel-set-choose"),
    path("indicators/new/", indicators.indicator_add, name="indicator-add"),
    path("indicators/<slug:code>/", indicators.indicator_change, name="indicator-change"),
    path("series/new/", indicators.series_add, name="series-add"),
    path("series/<series_code:code>/", indicators.series_change, name="series-change"),
    path("targets/new/", targets.target_set, name="target-set"),
    path("targets/<int:number>/", targets.target_change, name="target-change"),
    path("targets/<int:number>/withdraw/", targets.target_withdraw, name="target-withdraw"),
    path("comparators/new/", comparators.comparator_add, name="comparator-add"),
    path("comparators/<slug:slug>/", comparators.comparator_change, name="comparator-change"),
]
