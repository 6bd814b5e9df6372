"""The whole site with the plan and the demonstration, as every test of its routes sees it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from site_of_demonstration import PEOPLE

from indicators.models import Submission
from indicators.services.demonstration import DOMAIN, load_demonstration
from organization.models import User

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The plan and the demonstration, loaded once a module and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_plan", verbosity=0)
        load_demonstration(fixtures=FIXTURES, password="for tests only", at=timezone.now())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def site(loaded: None, db: None) -> dict[str, object]:
    """People by name, and the id of a submission that waits."""
    people = {name: User.objects.get(email=f"{name}@{DOMAIN}") for name in PEOPLE}
    waiting = Submission.objects.get(office__code="URCDB", period__code="2017")
    return {**people, "submission": waiting.pk}
