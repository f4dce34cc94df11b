"""Django's admin, to look at rows and never to change one: changes go through `changes`."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from performance.models import (
    Area,
    ComparatorGroup,
    Indicator,
    Load,
    Measurement,
    ReferenceEvent,
    Series,
    SeriesLink,
    Target,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class UncountedPaginator(Paginator):
    """Hundreds of thousands of rows are not counted to show the first fifty; the list says so."""

    most = 10_000

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        assert isinstance(rows, QuerySet)
        return min(rows[: self.most].count(), self.most)


@admin.register(Area)
class AreaAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "kind", "region")
    list_filter = ("kind",)
    list_select_related = ("region",)
    search_fields = ("code", "name")


@admin.register(Indicator)
class IndicatorAdmin(ReadOnlyAdmin):
    list_display = ("code", "short_title", "unit", "polarity", "in_panel_set", "is_key")
    list_filter = ("in_panel_set", "is_key", "polarity", "kind")
    search_fields = ("code", "title")


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin):
    list_display = ("code", "indicator", "source_short", "kind_of_figure", "suppression")
    list_filter = ("kind_of_figure", "suppression")
    list_select_related = ("indicator",)
    search_fields = ("code", "source")


@admin.register(Target)
class TargetAdmin(ReadOnlyAdmin):
    list_display = ("series", "area", "period_label", "low", "high", "known_from", "known_until")
    list_select_related = ("series__indicator", "area")
    search_fields = ("series__code",)


@admin.register(ComparatorGroup)
class ComparatorGroupAdmin(ReadOnlyAdmin):
    list_display = ("slug", "title", "in_force_from", "statistic")


@admin.register(Load)
class LoadAdmin(ReadOnlyAdmin):
    list_display = ("id", "file_name", "format", "loaded_at", "loaded_by", "rows_read", "state")
    list_select_related = ("loaded_by",)


@admin.register(Measurement)
class MeasurementAdmin(ReadOnlyAdmin):
    list_display = (
        "series", "area", "period_label", "value", "symbol", "known_from", "known_until",
    )  # fmt: skip
    list_select_related = ("series__indicator", "area")
    list_per_page = 50
    ordering = ("-id",)
    search_fields = ("=series__code", "=area__code")
    search_help_text = (
        "A series’ code, an area’s three-digit code, or both. The newest 10,000 are listed; a "
        "search finds the rest."
    )
    paginator = UncountedPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measurement]:
        """None of a series whose small numbers are hidden here, nor of one that is linked to
        others: rows are shown one by one, and a table is hidden as a whole."""
        linked = SeriesLink.objects.values("series").union(SeriesLink.objects.values("of"))
        return (
            super()
            .get_queryset(request)
            .filter(series__suppression=Series.Suppression.AS_PUBLISHED)
            .exclude(series__in=linked)
        )


@admin.register(ReferenceEvent)
class ReferenceEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "by", "done", "kind", "key", "reason")
    list_filter = ("kind", "done")
    list_select_related = ("by",)
    search_fields = ("key", "reason")
