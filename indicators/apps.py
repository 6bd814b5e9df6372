"""How progress is measured: indicators, baselines, targets, figures, submissions, approval."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Figures are entered once here; everything above reads them."""

    name = "indicators"
