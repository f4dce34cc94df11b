"""The site's addresses and, at one of its own, a plain admin list of 50 measurements.

It is an admin site of its own: whatever the project's admin shows, the yardstick stays the same.
"""

from django.contrib.admin import AdminSite, ModelAdmin
from django.urls import include, path

from dashboard.urls import handler404, handler500
from performance.models import Measurement

__all__ = ["handler404", "handler500", "urlpatterns"]

YARDSTICK = "/measuring/performance/measurement/"
site = AdminSite(name="measuring")


class MeasurementAdmin(ModelAdmin):
    list_per_page = 50
    list_display = ["series", "area", "period_label", "value", "symbol", "known_from"]
    list_select_related = ["series__indicator", "area"]


site.register(Measurement, MeasurementAdmin)
urlpatterns = [path("measuring/", site.urls), path("", include("dashboard.urls"))]
