"""One evaluation with all its parts, as each person may see it."""

from datetime import timedelta
from typing import Any

import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from evaluation_rows import answer, criterion, evaluation, grade, recommendation, scope
from factories import NOW, TODAY, person, say

from evaluations.models import (
    Amendment,
    CriterionRating,
    Evaluation,
    EvaluationStep,
    Finding,
    ManagementResponse,
    TeamMember,
)
from evaluations.queries.evaluations import (
    EvaluationPage,
    evaluation_page,
    next_number,
)
from organization.models import User

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


@pytest.fixture
def reader() -> User:
    """Somebody of the secretariat."""
    return person("Ana", contributor=factories.office())


def whole(code: str, rows: int = 1, *, state: str = "published") -> Evaluation:
    """An evaluation with so many of each of its parts."""
    one = evaluation(code, state=state)
    for number in range(1, rows + 1):
        measure = criterion(f"{code}-{number}")
        one.criteria.add(measure)
        scope(one, office=factories.office())
        TeamMember.objects.create(evaluation=one, name=f"Person {number}", capacity="member")
        Finding.objects.create(evaluation=one, number=number, text=say("Found."), criterion=measure)
        EvaluationStep.objects.create(
            evaluation=one, from_state="planned", to_state="prepared", on=TODAY, at=NOW
        )
        Amendment.objects.create(
            evaluation=one, number=number, text=say("Page 3."), on=TODAY, at=NOW
        )
        ManagementResponse.objects.create(
            evaluation=one,
            version=number,
            text=say(f"Version {number}."),
            reason="Again.",
            on=TODAY,
            at=NOW,
        )
        answer(recommendation(one, office=factories.office()))
    return one


def seen(code: str, user: User | AnonymousUser, **later: Any) -> EvaluationPage:
    """The page, which has to be there."""
    page = evaluation_page(code, user, TODAY + timedelta(**later))
    assert page is not None
    return page


def test_the_public_sees_a_published_evaluation_and_not_who_took_which_step(reader: User) -> None:
    whole("w", 2)
    for user, steps in ((PUBLIC, 0), (reader, 2)):
        page = seen("w", user)
        sizes = [
            len(part)
            for part in (page.scopes, page.team, page.ratings, page.findings, page.amendments)
        ]
        assert sizes == [2, 2, 2, 2, 2]
        assert len(page.steps) == steps
        assert page.response is not None
        assert page.response.version == 2
        assert [one.decision for one in page.recommendations] == ["accepted", "accepted"]


@pytest.mark.parametrize("state", ["planned", "prepared", "under_way", "reported", "cancelled"])
def test_what_is_not_published_is_for_the_secretariat(reader: User, state: str) -> None:
    evaluation("w", state=state)
    delegate = person("Dee", committee=factories.office("PM", kind="mission"))
    assert evaluation_page("w", PUBLIC, TODAY) is None
    assert evaluation_page("w", delegate, TODAY) is None
    assert seen("w", reader).evaluation.code == "w"
    assert evaluation_page("none", reader, TODAY) is None


def test_an_embargo_holds_a_report_back_until_its_day(reader: User) -> None:
    evaluation("w", state="published", embargo_until=TODAY + timedelta(days=3))
    assert evaluation_page("w", PUBLIC, TODAY + timedelta(days=2)) is None
    assert seen("w", reader).is_held_back
    assert not seen("w", PUBLIC, days=3).is_held_back


def test_a_criterion_that_is_not_rated_is_named_beside_those_that_are(reader: User) -> None:
    one = evaluation("w")
    relevance, impact = criterion("relevance"), criterion("impact")
    one.criteria.set([relevance, impact])
    rating = CriterionRating.objects.create(
        evaluation=one, criterion=relevance, grade=grade("good", 1), reason=say("It is.")
    )
    found = [(one.criterion, one.rating) for one in seen("w", reader).ratings]
    assert found == [(impact, None), (relevance, rating)]


def test_a_page_is_of_its_day(reader: User) -> None:
    whole("w")
    before = seen("w", reader, days=-1)
    assert before.response is None
    assert [one.decision for one in before.recommendations] == [""]


def test_a_page_of_much_takes_as_many_queries_as_one_of_little(
    django_assert_max_num_queries: Any,
) -> None:
    counted = []
    for code, rows in (("small", 1), ("large", 15)):
        whole(code, rows)
        with django_assert_max_num_queries(16) as queries:
            page = seen(code, PUBLIC)
            assert [str(one) for one in page.scopes]
            assert [str(one.criterion) for one in page.findings]
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_next_number_follows_the_highest_of_its_year() -> None:
    assert next_number(2016) == 1
    evaluation("a", state="published", report_number=4)
    evaluation("b", state="published", report_number=None)
    evaluation("c", state="published", report_number=9, report_year=2015)
    assert next_number(2016) == 5
