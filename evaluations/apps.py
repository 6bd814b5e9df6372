"""What is learned: evaluations, recommendations and what is done about them, lessons."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Stands on `indicators`; `reporting` prints what it holds."""

    name = "evaluations"
