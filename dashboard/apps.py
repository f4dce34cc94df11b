from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class DashboardConfig(AppConfig):
    name = "dashboard"
    verbose_name = "People, roles and the pages that join the apps"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from dashboard import (
            database,  # noqa: F401  registers its check
            removal_texts,
        )
        from dashboard.signing_in.sessions import note_beginning

        # Every door passes Django's own signal: password, single sign-on and tests alike.
        user_logged_in.connect(note_beginning, dispatch_uid="dashboard.note_beginning")
        removal_texts.register()


class ReadOnlyAdminConfig(AdminConfig):
    default_site = "dashboard.admin_site.ReadOnlyAdminSite"
