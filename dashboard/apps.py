from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = "People, roles and the pages that join the apps"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dashboard import database  # noqa: F401  registers its check


class ReadOnlyAdminConfig(AdminConfig):
    default_site = "dashboard.admin_site.ReadOnlyAdminSite"
