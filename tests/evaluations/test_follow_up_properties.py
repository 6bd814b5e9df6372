"""Any people, taking any steps on any days: what is kept is what follows, and no rule gives way.

A second author for the services: who may take which step from where is written here once more, by
hand, and services and model must agree on every single try.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.models import Action, Recommendation
from evaluations.queries.recommendations import Recommended, recommended
from evaluations.services import follow_ups, responses, stands
from habitat_plan.kit.errors import RuleBroken
from organization.models import User

pytestmark = pytest.mark.django_db

FIRST = date(2016, 1, 4)
WAYS: dict[str, dict[str, str]] = {
    "begin": {
        "not_started": "in_progress",
        "in_progress": "in_progress",
        "proposed": "in_progress",
    },
    "back": {"in_progress": "not_started", "not_started": "not_started"},
    "propose": {"in_progress": "proposed"},
    "verify": {"proposed": "implemented"},
    "return": {"proposed": "in_progress"},
    "overtake": {
        "not_started": "overtaken",
        "in_progress": "overtaken",
        "proposed": "overtaken",
    },
    "reopen": {"implemented": "in_progress", "overtaken": "in_progress"},
    "move": {one: one for one in ("not_started", "in_progress", "proposed")},
}
OF_OWNERS = {"begin", "back", "propose"}
CLOSED = {"implemented", "overtaken"}
# The first action is the office's, the second one also that of an officer who is named.
OWNERS = (
    {"contributor", "approver", "officer of the office"},
    {"contributor", "approver", "officer of the office", "named officer"},
)
MANAGEMENT = {"approver", "manager"}
OFFICERS = {"officer", "second officer", "officer of the office", "named officer"}
PEOPLE = sorted(
    {"contributor", "approver", "manager", *OFFICERS, "contributor elsewhere", "nobody"}
)
VERBS = [*WAYS, "accept", "reject"]
EVERYTHING = [(who, verb, one) for who in PEOPLE for verb in VERBS for one in (0, 1)]
# Which step, as a place among those that could be taken; days that pass; days it lies back.
tries = st.tuples(st.integers(0, 10_000), st.integers(0, 9), st.sampled_from([0, 0, 0, 1, 6]))


@dataclass
class Model:
    """What ought to be: phases, last days and last proposers of two actions, and the answer."""

    phases: list[str] = field(default_factory=lambda: ["not_started", "not_started"])
    last: list[date] = field(default_factory=lambda: [FIRST, FIRST])
    proposed_by: list[str] = field(default_factory=lambda: ["", ""])
    decision: str = "accepted"
    answered: date = FIRST

    def allows(self, who: str, verb: str, one: int, on: date) -> bool:
        if verb in {"accept", "reject"}:
            return who in MANAGEMENT and self._answers(verb, on)
        if on < self.last[one] or self.phases[one] not in WAYS[verb]:
            return False
        if verb in OF_OWNERS:
            return who in OWNERS[one]
        if verb == "move":
            return who in MANAGEMENT
        if verb == "reopen" and self.decision == "rejected":
            return False
        return who in OFFICERS - OWNERS[one] and who != self.proposed_by[one]

    def _answers(self, verb: str, on: date) -> bool:
        if on < self.answered:
            return False
        return verb == "accept" or (set(self.phases) <= CLOSED and on >= max(self.last))

    def takes(self, who: str, verb: str, one: int, on: date) -> None:
        if verb in {"accept", "reject"}:
            self.decision, self.answered = f"{verb}ed", on
            return
        self.phases[one], self.last[one] = WAYS[verb][self.phases[one]], on
        if verb == "propose":
            self.proposed_by[one] = who


def _people() -> dict[str, User]:
    office, unit = factories.office("QAU"), factories.office("EVU")
    roles: dict[str, dict[str, Any]] = {
        "contributor": {"contributor": office},
        "approver": {"approver": office},
        "manager": {"manager": factories.office("OED")},
        "officer": {"evaluation_officer": unit},
        "second officer": {"evaluation_officer": unit},
        "officer of the office": {"evaluation_officer": unit, "contributor": office},
        "named officer": {"evaluation_officer": unit},
        "contributor elsewhere": {"contributor": factories.office("ROAF")},
        "nobody": {},
    }
    return {name: factories.person(name, **held) for name, held in roles.items()}


def _begin(people: dict[str, User]) -> Recommendation:
    evaluation = rows.evaluation("2-2016", state="published", starts_on=FIRST)
    office = people["contributor"].assignments.get().office
    one = rows.recommendation(evaluation, office=office)
    rows.answer(one, on=FIRST)
    rows.action(one, planned_on=FIRST, due_on=date(2016, 3, 1))
    rows.action(one, planned_on=FIRST, due_on=None, owner=people["named officer"])
    return one


def _take(one: Recommendation, who: User, verb: str, number: int, on: date, at: datetime) -> None:
    words = f"{verb} {at.isoformat()}"
    if verb in {"accept", "reject"}:
        responses.answer(
            recommendation=one, decision=f"{verb}ed", text=words, reason=words, language="en",
            on=on, changed_why=words, seen_version=one.answers.count(), by=who, at=at,
        )  # fmt: skip
        return
    action = Action.objects.get(recommendation=one, number=number + 1)
    common = {
        "action": action, "on": on, "seen_revision": action.revision, "by": who, "at": at
    }  # fmt: skip
    states = rows.states()
    if verb == "begin":
        follow_ups.report(state=states["in_progress"], text=words, reason=words, **common)
    elif verb == "back":
        follow_ups.report(state=states["not_started"], text=words, reason=words, **common)
    elif verb == "propose":
        follow_ups.propose(text=words, **common)
    elif verb == "verify":
        follow_ups.verify(text=words, **common)
    elif verb == "move":
        due_on = (action.due_on or on) + timedelta(days=1)
        follow_ups.move_due(due_on=due_on, reason=words, **common)
    else:
        service = {
            "return": follow_ups.send_back,
            "overtake": follow_ups.overtake,
            "reopen": follow_ups.reopen,
        }[verb]
        service(reason=words, **common)


def _as_of(one: Recommendation, day: date) -> tuple[Any, ...]:
    (found,) = recommended(Recommendation.objects.filter(pk=one.pk), on=day)
    return (found.standing, found.decision, found.due_on, _phases(found))


def _phases(found: Recommended) -> list[str]:
    return [str(acted.phase) for acted in found.actions]


@pytest.mark.drill
def test_any_sequence_keeps_to_the_rules(
    db: None, rounds: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    taken: Counter[tuple[str, bool]] = Counter()

    @settings(max_examples=rounds(5, 40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(tries, min_size=6, max_size=16))
    def keeps(wanted: list[tuple[int, int, int]]) -> None:
        taken.update(_after(wanted))

    keeps()
    allowed, refused = (sum(taken[verb, way] for verb in VERBS) for way in (True, False))
    tell(f"follow-ups of evaluations: {allowed} steps taken and {refused} refused as they ought")
    # Whatever is drawn: some steps were taken, and each verb was tried by people who may not.
    assert allowed
    assert all(taken[verb, False] for verb in VERBS)


def _after(wanted: list[tuple[int, int, int]]) -> Iterator[tuple[str, bool]]:
    """Each try, and whether it was taken, once it was as it ought to be."""
    with transaction.atomic():
        people = _people()
        one, model, clock = _begin(people), Model(), FIRST
        for number, (place, later, lag) in enumerate(wanted):
            clock += timedelta(days=later)
            on = max(FIRST, clock - timedelta(days=lag))
            could = [asked for asked in EVERYTHING if model.allows(*asked, clock)]
            asked = could[place % len(could)]
            before = [on - timedelta(days=days) for days in (1, 8)]
            earlier = [_as_of(one, day) for day in before]
            is_allowed = model.allows(*asked, on)
            assert _is_taken(one, people, asked, on, _moment(clock, number)) == is_allowed
            yield asked[1], is_allowed
            if is_allowed:
                model.takes(*asked, on)
            assert [_as_of(one, day) for day in before] == earlier
            now = _as_of(one, clock)
            assert (now[1], now[3]) == (model.decision, model.phases)
            assert stands.differing() == []
        _check_history(people)
        for asked in EVERYTHING:
            with transaction.atomic():
                taken = _is_taken(one, people, asked, clock, _moment(clock, 59))
                assert taken == model.allows(*asked, clock), (asked, model)
                transaction.set_rollback(True)
            yield asked[1], taken
        transaction.set_rollback(True)


def _moment(day: date, number: int) -> datetime:
    """Each try on another second of its day, so that no two entries have the same words."""
    return datetime.combine(day, time(9, 0, number), tzinfo=UTC)


def _is_taken(
    one: Recommendation,
    people: dict[str, User],
    asked: tuple[str, str, int],
    on: date,
    at: datetime,
) -> bool:
    who, verb, number = asked
    try:
        _take(one, people[who], verb, number, on, at)
    except RuleBroken:
        return False
    return True


def _check_history(people: dict[str, User]) -> None:
    """From the rows alone: no phase skipped, nothing verified by an owner or by who proposed it."""
    names = {user.pk: name for name, user in people.items()}
    for action in Action.objects.all():
        phase, proposer = "not_started", None
        for step in action.follow_ups.order_by("number"):
            assert step.before.phase == phase
            phase = step.after.phase
            if step.kind == "proposed":
                proposer = step.by_id
            if phase in CLOSED and step.before.phase not in CLOSED:
                assert names[step.by_id or 0] not in OWNERS[action.number - 1]
                assert step.by_id != proposer
            if phase == "implemented" and step.kind != "moved":
                assert (step.kind, step.before.phase) == ("verified", "proposed")
