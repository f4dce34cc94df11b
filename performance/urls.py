from django.urls import path, register_converter

from performance.converters import SeriesCodeConverter
from performance.views import (
    annotations,
    comparators,
    indicators,
    load_downloads,
    loads,
    locks,
    reference,
    targets,
)

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

load_patterns = [
    path("", loads.loads, name="loads"),
    path("new/", loads.load_new, name="load-new"),
    path("locks/", locks.locks, name="locks"),
    path("locks/<int:number>/lift/", locks.lock_lift, name="lock-lift"),
    path("<int:number>/", loads.load, name="load"),
    path("<int:number>/problems.csv", loads.load_problems, name="load-problems"),
    path("<int:number>/confirm/", loads.load_confirm, name="load-confirm"),
    path("<int:number>/discard/", loads.load_discard, name="load-discard"),
    path("<int:number>/withdraw/", loads.load_withdraw, name="load-withdraw"),
    path("template.<slug:kind>", load_downloads.load_template, name="load-template"),
    path("figures.csv", load_downloads.figures_export, name="figures-export"),
]
