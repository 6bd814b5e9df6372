"""The demonstration of evaluations: a small story that says of itself that it is made up."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from evaluations.models import (
    Action,
    Amendment,
    Evaluation,
    FollowUp,
    Lesson,
    Link,
    PlanVersion,
    Project,
    Recommendation,
    Tag,
)
from evaluations.permissions import may_verify
from evaluations.queries.coverage import coverage
from evaluations.queries.recommendations import recommended
from evaluations.rules.tallies import open_by_band, tally
from evaluations.services import stands
from evaluations.services.demonstration import load_learning
from habitat_plan.kit.wording import LANGUAGES
from indicators.services.demonstration import DOMAIN, load_demonstration
from organization.models import AuditEntry, Notice, User
from organization.services import audit

pytestmark = pytest.mark.django_db
FIXTURES = settings.BASE_DIR / "fixtures"
DAY = date(2018, 2, 2)


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A site with the plan and the demonstration, loaded once and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_plan", verbosity=0)
        at = timezone.now()
        load_demonstration(fixtures=FIXTURES, password="for tests only", at=at)
        assert load_learning(fixtures=FIXTURES, at=at)
        yield
        transaction.set_rollback(True)


def test_on_2_february_2018_sixteen_of_twenty_six_are_open_and_six_late():
    rows = recommended(Recommendation.objects.all(), on=DAY)
    assert Counter(one.standing for one in rows) == {
        "implemented": 8,
        "overtaken": 1,
        "rejected": 1,
        "awaiting": 1,
        "unplanned": 1,
        "not_started": 3,
        "in_progress": 10,
        "to_verify": 1,
    }
    assert open_by_band(tally(one.counted() for one in rows)) == {
        "not_due": 8,
        "to_90": 2,
        "to_180": 2,
        "to_365": 1,
        "over_365": 1,
        "no_date": 2,
    }
    late = max(rows, key=lambda one: one.days_late or 0)
    assert (late.recommendation.code, late.days_late) == ("1-2015-3", 398)


def test_every_recommendation_is_flagged_and_the_reports_say_what_was_added():
    assert Recommendation.objects.count() == 26
    assert not Recommendation.objects.filter(illustrative=False).exists()
    notes = [str(one.text) for one in Amendment.objects.order_by("evaluation__code")]
    assert [note.split()[0] for note in notes] == ["4", "7", "11", "4"]
    assert all("made up for demonstration" in note for note in notes)
    real = Evaluation.objects.filter(illustrative=False)
    assert real.count() == 9
    assert {one.source for one in Project.objects.all()} == {"Demonstration, invented"}
    for model in (Project, Lesson, PlanVersion):
        assert not model.objects.filter(illustrative=False).exists(), model


def test_everything_stands_in_six_languages():
    texts = [
        *(one.text for one in Recommendation.objects.all()),
        *(one.text for one in Action.objects.all()),
        *(one.title for one in Project.objects.all()),
        *(one.title for one in Evaluation.objects.all()),
        *(one.name for one in Tag.objects.all()),
        *(getattr(one, name) for one in Lesson.objects.all()
          for name in ("title", "context", "text", "evidence")),
    ]  # fmt: skip
    assert len(texts) == 26 + 24 + 10 + 15 + 6 + 12
    assert all(set(one.texts) == set(LANGUAGES) for one in texts)


def test_plans_links_and_lessons_are_there():
    assert list(PlanVersion.objects.values_list("biennium__code", "number")) == [
        ("2016-2017", 1), ("2018-2019", 1),
    ]  # fmt: skip
    assert Counter(Link.objects.values_list("kind", flat=True)) == {
        "indicator": 6, "paragraph": 2, "risk": 2, "revision": 1,
    }  # fmt: skip
    assert set(Lesson.objects.values_list("state", flat=True)) == {"published"}
    assert Evaluation.objects.get(code="resilience-2018").state == "under_way"
    assert Evaluation.objects.get(code="final-2019").mandate.code == "plan-final"


def test_coverage_has_gaps_to_show():
    found = coverage(DAY)
    subjects = {(str(gap.rule), gap.subject) for gap in found.gaps}
    assert {("focus_area", "FA3"), ("focus_area", "FA7")} <= subjects
    assert ("external", "demo-rebuilding") in subjects
    assert ("budget_line", "demo-upgrading") in subjects
    assert ("external", "demo-city-plans") not in subjects
    assert [(one.subject, str(one.found)) for one in found.areas] == [
        ("FA1", "done"), ("FA2", "under_way"), ("FA3", "none"), ("FA4", "done"),
        ("FA5", "under_way"), ("FA6", "under_way"), ("FA7", "none"),
    ]  # fmt: skip
    share = next(one for one in found.shares if one.biennium.code == "2016-2017")
    assert (share.closed_evaluated.some, share.closed_evaluated.of) == (5, 8)


def test_the_officer_of_the_demonstration_may_verify_what_waits():
    officer = User.objects.get(email=f"evaluation@{DOMAIN}")
    waiting = Action.objects.get(state__phase="proposed")
    assert waiting.recommendation.code == "1-2015-3"
    assert may_verify(officer, waiting)
    assert not FollowUp.objects.filter(kind="proposed", by=officer).exists()
    assert not Notice.objects.exists()


def test_kept_rows_and_trail_hold_and_loading_again_writes_nothing():
    assert stands.differing() == []
    assert audit.verify() is None
    entries = AuditEntry.objects.count()
    assert load_learning(fixtures=FIXTURES, at=timezone.now()) is False
    assert AuditEntry.objects.count() == entries
