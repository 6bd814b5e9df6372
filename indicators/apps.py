"""How progress is measured: indicators, baselines, targets, figures, submissions, approval."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Figures are entered once here; everything above reads them."""

    name = "indicators"

    def ready(self) -> None:
        """Registers the job handlers."""
        from indicators import handlers  # noqa: F401, PLC0415  # apps must be loaded first
