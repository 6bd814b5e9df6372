"""The Evaluation Unit and what it finds in the house, before the steps of an evaluation begin."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import evaluation_rows as rows
import factories
from trail import NOW

from evaluations.models import Action, Criterion, Evaluation, FollowUp, Lesson, Recommendation
from organization.models import Office, User

TODAY = NOW.date()
SOON = TODAY + timedelta(days=4)
KIND = "strategy"
"""The kind of the evaluation that is followed; no other is of it."""


@dataclass(frozen=True)
class Unit:
    """The house, the Evaluation Unit's officer, a manager, and a report that is out already."""

    house: factories.House
    officer: User
    manager: User
    earlier: Evaluation

    @property
    def quality(self) -> Office:
        """An office for which none of those who act here work."""
        return Office.objects.get(code="QAU")


def make_unit(house: factories.House) -> Unit:
    """The Unit; in the earlier report an action is proposed as done, one is due, one not planned."""
    rows.states()
    rows.mandate()
    for ordinal, code in enumerate(("good", "poor")):
        rows.grade(code, ordinal)
    for code in ("relevance", "impact"):
        rows.criterion(code)
    area = factories.focus_area(1, branch=house.branch)
    promised = factories.result(code="FA1", area=area, office=house.branch)
    factories.indicator("FA1.1", offices=[house.branch], result=promised)
    factories.revision("2015")
    factories.country()
    earlier = rows.evaluation("7-2016", state="published", report_number=7, response_due_on=SOON)
    for phases in (("in_progress", "proposed"), ()):
        put = rows.recommendation(earlier, office=house.branch)
        rows.answer(put)
        rows.follow_ups(rows.action(put, due_on=SOON), phases, by=house.contributor)
    rows.recommendation(earlier, office=house.branch)
    return Unit(
        house=house,
        officer=factories.person(
            "Eva Evaluator", evaluation_officer=factories.office("EVALU", kind="unit")
        ),
        manager=factories.person("Max Manager", manager=factories.office("OED", kind="unit")),
        earlier=earlier,
    )


def evaluation() -> Evaluation:
    """The evaluation that is followed, as it stands now."""
    return Evaluation.objects.get(kind=KIND)


def fresh() -> dict[str, Any]:
    """The same, as a form has it that is sent at once."""
    found = evaluation()
    return {"evaluation": found, "seen_revision": found.revision}


def recommendation(number: int = 1) -> Recommendation:
    """A recommendation of it."""
    rows_of_it = Recommendation.objects.select_related("evaluation", "office")
    return rows_of_it.get(evaluation__kind=KIND, number=number)


def action(number: int = 1) -> Action:
    """An action about its first recommendation."""
    return recommendation().actions.select_related("office", "state").get(number=number)


def last_entry() -> FollowUp:
    """The last follow-up of the first action."""
    found = action().follow_ups.order_by("number").last()
    assert found is not None
    return found


def criterion(code: str) -> Criterion:
    """One of the two criteria."""
    return Criterion.objects.get(code=code)


def lesson() -> Lesson:
    """The lesson as it stands now."""
    return Lesson.objects.get()
