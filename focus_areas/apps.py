"""What was promised: the plan, its revisions, results, phases, periods and obligations."""

from django.apps import AppConfig


class FocusAreasConfig(AppConfig):
    """The plan as data."""

    name = "focus_areas"
