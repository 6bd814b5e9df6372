"""What evaluations begin with: what the plan and published sources say, and nothing besides."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from evaluations.models import (
    Criterion,
    CriterionGrade,
    Evaluation,
    FollowUpState,
    Mandate,
    Recommendation,
    Scope,
    Threshold,
)
from evaluations.rules.coverage import Limit, limit_on
from evaluations.rules.follow_up import Phase
from evaluations.services.load import load_evaluations
from habitat_plan.kit.wording import LANGUAGES, Wording
from organization.models import AuditEntry
from organization.services.upsert import Loaded

pytestmark = pytest.mark.django_db
FIXTURES = settings.BASE_DIR / "fixtures"
AT = datetime(2018, 2, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A site with the plan, loaded once and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_plan", verbosity=0)
        yield
        transaction.set_rollback(True)


def test_the_published_evaluations_are_there_with_what_is_known_of_them():
    found = dict(Evaluation.objects.values_list("code", "kind"))
    assert found == {
        "1-2012": "strategy",
        "6-2012": "office",
        "1-2015": "programme",
        "2-2016": "agreement",
        "3-2016": "office",
        "evaluability-2016": "evaluability",
        "2-2017": "mid_term",
        "6-2018": "strategy",
        "7-2018": "country",
    }
    assert Evaluation.objects.get(code="6-2018").number == "6/2018"
    assert Evaluation.objects.get(code="evaluability-2016").number == ""
    rows = Evaluation.objects.all()
    assert all(one.is_published and one.source and not one.illustrative for one in rows)
    assert not Recommendation.objects.exists()


def test_what_no_source_says_stays_empty():
    for one in Evaluation.objects.all():
        assert (one.published_on, one.starts_on, one.budget, one.conducted_by) == (
            None, None, None, "",
        )  # fmt: skip
    known = Evaluation.objects.exclude(completed_on=None).values_list("code", "completed_on")
    assert list(known) == [("2-2017", date(2017, 4, 30))]


def test_the_mid_term_evaluation_answers_its_mandate():
    one = Evaluation.objects.get(code="2-2017")
    assert one.mandate is not None and one.mandate.due_on == date(2016, 12, 31)
    assert one.plan is not None and one.plan.code == "2016-2017"
    assert [scope.kind for scope in one.scopes.all()] == ["plan"]
    assert set(one.criteria.values_list("code", flat=True)) == {
        "relevance", "effectiveness", "efficiency", "impact", "sustainability",
    }  # fmt: skip
    assert Scope.objects.get(evaluation__code="3-2016").office.code == "ROAS"
    assert Mandate.objects.get(code="plan-final").due_on == date(2019, 12, 31)


def test_every_text_stands_in_six_languages():
    texts: list[Wording] = []
    for model, names in (
        (Criterion, ("name", "question")),
        (CriterionGrade, ("name", "meaning")),
        (FollowUpState, ("name",)),
        (Mandate, ("name",)),
        (Evaluation, ("title",)),
    ):
        texts += [getattr(row, name) for row in model.objects.all() for name in names]
    assert len(texts) == 6 * 2 + 5 * 2 + 8 + 2 + 9
    assert all(set(one.texts) == set(LANGUAGES) for one in texts)


def test_each_phase_has_one_main_state():
    main = FollowUpState.objects.filter(is_main=True).values_list("phase", flat=True)
    assert sorted(main) == sorted(Phase)
    assert all(grade.is_assumed for grade in CriterionGrade.objects.all())


def test_the_threshold_of_a_day_is_the_one_in_force():
    limits = [Limit(one.since, one.amount) for one in Threshold.objects.all()]
    days = (date(2013, 12, 31), date(2014, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
    assert [limit_on(day, limits) for day in days] == [
        None, Decimal(3_000_000), Decimal(3_000_000), Decimal(1_000_000),
    ]  # fmt: skip
    assert [one.is_assumed for one in Threshold.objects.all()] == [False, True]


def test_loading_again_writes_nothing():
    entries = AuditEntry.objects.count()
    assert load_evaluations(fixtures=FIXTURES, at=AT) == Loaded()
    assert AuditEntry.objects.count() == entries


def test_a_published_evaluation_that_the_file_words_anew_stays_as_it_was(tmp_path):
    folder = tmp_path / "evaluations"
    folder.mkdir()
    for file in (FIXTURES / "evaluations").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    rows = json.loads((folder / "evaluations.json").read_text(encoding="utf-8"))
    rows[0]["title"] = {"en": "Another title"}
    states = json.loads((folder / "states.json").read_text(encoding="utf-8"))
    states[0]["name"]["en"] = "Not begun"
    (folder / "evaluations.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "states.json").write_text(json.dumps(states), encoding="utf-8")
    assert load_evaluations(fixtures=tmp_path, at=AT) == Loaded(made=0, changed=1)
    assert "MTSIP" in str(Evaluation.objects.get(code="1-2012").title)
    assert str(FollowUpState.objects.get(code="not-started").name) == "Not begun"


def test_an_evaluation_entered_under_another_code_is_not_made_twice(tmp_path):
    folder = tmp_path / "evaluations"
    folder.mkdir()
    for file in (FIXTURES / "evaluations").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    rows = json.loads((folder / "evaluations.json").read_text(encoding="utf-8"))
    rows[0]["code"] = "mtsip"
    (folder / "evaluations.json").write_text(json.dumps(rows), encoding="utf-8")
    assert load_evaluations(fixtures=tmp_path, at=AT) == Loaded()
