"""A recommendation board that can be counted by hand, on 16 January 2017.

Evaluation 2/2016 has eleven recommendations: odd ones put to the office ODD, even ones to EVEN.
"""

from dataclasses import dataclass
from datetime import date

import evaluation_rows as rows
import factories

from evaluations.models import Evaluation, Recommendation
from organization.models import Office, User

DAY = factories.TODAY
ANSWERED = date(2015, 1, 1)


@dataclass(frozen=True)
class Shown:
    """What the board is made of, and who looks at it."""

    evaluation: Evaluation
    odd: Office
    even: Office
    officer: User
    manager: User
    contributor: User
    delegate: User
    owner: User

    def one(self, number: int) -> Recommendation:
        """One of the eleven."""
        return Recommendation.objects.get(evaluation=self.evaluation, number=number)


def accepted(
    of: Evaluation,
    office: Office,
    number: int,
    due_on: date | None,
    *phases: str,
    decision: str = "accepted",
    owner: User | None = None,
    closed_on: date = date(2017, 1, 10),
    text: str = "",
) -> Recommendation:
    """A recommendation with one action that went through phases."""
    one = rows.recommendation(of, office=office, number=number, text=text)
    rows.answer(one, decision, on=ANSWERED, reason="Half of it." if decision == "partly" else "")
    action = rows.action(one, due_on=due_on, planned_on=ANSWERED, owner=owner)
    rows.follow_ups(action, phases, day=closed_on)
    return one


@rows.at_once()
def make_board() -> Shown:
    """The eleven recommendations, and one each of evaluations that are not published."""
    odd = factories.office("ODD")
    even = factories.office("EVEN")
    unit = factories.office("EVU", kind="unit")
    owner = factories.person("Olga Owner", contributor=odd)
    of = rows.evaluation(
        "2-2016", state="published", report_number=2, report_year=2016,
        published_on=date(2014, 12, 1),
    )  # fmt: skip
    accepted(of, odd, 1, date(2015, 12, 31), "in_progress", owner=owner)  # 382 days late
    accepted(of, even, 2, date(2017, 1, 15))  # 1 day
    accepted(of, odd, 3, date(2017, 1, 16), "in_progress", decision="partly")  # due today
    rows.answer(rows.recommendation(of, office=even, number=4), "rejected", on=ANSWERED)
    accepted(of, odd, 5, date(2016, 6, 30), "in_progress", "proposed", "implemented")
    accepted(of, even, 6, date(2016, 6, 30), "overtaken", closed_on=date(2017, 1, 11))
    rows.recommendation(of, office=odd, number=7)  # no response
    accepted(of, even, 8, date(2016, 10, 18), "in_progress", "proposed")  # 90 days, to verify
    accepted(of, odd, 9, date(2016, 10, 17))  # 91 days
    accepted(of, even, 10, date(2016, 1, 17))  # 365 days
    unplanned = rows.recommendation(of, office=odd, number=11)
    rows.answer(unplanned, on=ANSWERED)
    return Shown(
        evaluation=of,
        odd=odd,
        even=even,
        officer=factories.person("Eva Officer", evaluation_officer=unit),
        manager=factories.person("Max Manager", manager=unit),
        contributor=factories.person("Cleo Contributor", contributor=even),
        delegate=factories.person("Dan Delegate", committee=factories.office("M1", kind="mission")),
        owner=owner,
    )
