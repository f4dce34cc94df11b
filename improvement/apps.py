from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "improvement"
    verbose_name = "The plan, the judgements and the grades"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from improvement.removal import columns

        columns.register()
