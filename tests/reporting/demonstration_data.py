"""The plan and its demonstration at fixed moments, for this process or another one."""

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from evaluations.services.demonstration import load_learning
from evaluations.services.load import load_evaluations
from focus_areas.services.load import load_plan
from indicators.services.demonstration import load_demonstration
from indicators.services.load import load_measurement
from organization.services.places import load_organization

AT = datetime(2018, 1, 15, 9, 0, tzinfo=UTC)
ASSEMBLED_AT = datetime(2018, 2, 1, 9, 0, tzinfo=UTC)
LEARNED_AT = datetime(2018, 1, 31, 9, 0, tzinfo=UTC)
"""The demonstration of evaluations tells of days until then."""


def load(at: datetime) -> None:
    """Everything that `manage.py demo` loads, without a look at the clock."""
    fixtures = Path(settings.BASE_DIR) / "fixtures"
    load_organization(fixtures=fixtures, at=at)
    load_plan(fixtures=fixtures, at=at)
    load_measurement(fixtures=fixtures, at=at)
    load_evaluations(fixtures=fixtures, at=at)
    load_demonstration(fixtures=fixtures, password="only for tests", at=at)
    load_learning(fixtures=fixtures, at=max(at, LEARNED_AT))
