"""What the world is told: assembly, freezing, issuing and renderings of reports."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The top floor below the wiring; registers its jobs at start."""

    name = "reporting"

    def ready(self) -> None:
        """Registers the job handlers."""
        from reporting import handlers  # noqa: F401, PLC0415  # apps must be loaded first
