"""`manage.py load_plan`: loads plan, offices, places, indicators, series, calendar, evaluations."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from evaluations.services.load import load_evaluations
from focus_areas.services.load import load_plan
from indicators.services.load import load_measurement
from organization.services.places import load_organization
from reporting.services.load_calendar import load_calendar


class Command(BaseCommand):
    """Safe to run again at any time: only what the files changed is written."""

    help = "Load the plan and all that it begins with from fixtures/."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads floor by floor, from the lowest."""
        fixtures, at = Path(settings.BASE_DIR) / "fixtures", timezone.now()
        loaded = load_organization(fixtures=fixtures, at=at)
        loaded += load_plan(fixtures=fixtures, at=at)
        loaded += load_measurement(fixtures=fixtures, at=at)
        loaded += load_calendar(fixtures=fixtures, at=at)
        loaded += load_evaluations(fixtures=fixtures, at=at)
        self.stdout.write(f"The plan is loaded: {loaded.made} rows new, {loaded.changed} changed.")
