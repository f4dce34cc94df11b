from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = "People, roles and the pages that join the apps"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dashboard import database  # noqa: F401  registers its check
