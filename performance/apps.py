from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "performance"
    verbose_name = "Figures and what they mean"
    default_auto_field = "django.db.models.BigAutoField"
