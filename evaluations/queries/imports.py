"""Reads for lists of recommendations: earlier lists, and all that a list is held against."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from evaluations.models import (
    Action,
    Answer,
    Evaluation,
    FollowUpState,
    Recommendation,
    RecommendationList,
)
from evaluations.permissions import Person, may_import
from evaluations.rules.texts import folded
from organization.models import Office

SHOWN = 20


def earlier_lists(user: Person) -> list[RecommendationList]:
    """The last lists that anybody sent, newest first; none for who may not send one."""
    if not may_import(user):
        return []
    rows = RecommendationList.objects.select_related("made_by").defer("lines")
    return list(rows[:SHOWN])


def visible_list(number: int, user: Person) -> RecommendationList | None:
    """The list with this number, for those who may send one."""
    if not may_import(user):
        return None
    return RecommendationList.objects.select_related("made_by").filter(pk=number).first()


def saved_before(sha256: str) -> RecommendationList | None:
    """The list that was saved from a file with this content; None if none was."""
    rows = RecommendationList.objects.filter(sha256=sha256, state=RecommendationList.State.DONE)
    return rows.defer("lines").order_by("done_at").first()


def waiting(sha256: str) -> RecommendationList | None:
    """The list of this content that waits for confirmation; None if none does."""
    rows = RecommendationList.objects.filter(sha256=sha256, state=RecommendationList.State.READ)
    return rows.order_by("pk").first()


@dataclass(frozen=True)
class Stored:
    """A recommendation that is there, with the last answer to it and its actions."""

    row: Recommendation
    answer: Answer | None
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class Known:
    """What there is, by what a list calls it: folded codes, numbers and names."""

    day: date
    evaluations: Mapping[str, Evaluation]
    offices: Mapping[str, Office]
    states: Mapping[str, FollowUpState]
    main: Mapping[str, FollowUpState]
    recommendations: Mapping[tuple[int, int], Stored]


def known(called: Collection[str], *, on: date) -> Known:
    """All that rows which name these evaluations are held against. Six queries at most."""
    evaluations = _evaluations()
    named = {evaluations[one].pk for one in called if one in evaluations}
    states = list(FollowUpState.objects.all())
    return Known(
        day=on,
        evaluations=evaluations,
        offices=_offices(Office.objects.all()),
        states=_states(states, on),
        main={one.phase: one for one in states if one.is_main},
        recommendations=_stored(named),
    )


def _evaluations() -> dict[str, Evaluation]:
    """By code and by number, as `2-2017` and `2/2017`."""
    found: dict[str, Evaluation] = {}
    for one in Evaluation.objects.defer("purpose", "terms", "summary", "searched"):
        found |= {folded(name): one for name in (one.code, one.number) if name}
    return found


def _offices(rows: Iterable[Office]) -> dict[str, Office]:
    """By code and by name in each language; a name that two offices share names neither."""
    called: defaultdict[str, list[Office]] = defaultdict(list)
    codes: dict[str, Office] = {}
    for one in rows:
        codes[folded(one.code)] = one
        for name in {folded(local.text) for local in one.name}:
            called[name].append(one)
    return {name: given[0] for name, given in called.items() if len(given) == 1} | codes


def _states(rows: Iterable[FollowUpState], on: date) -> dict[str, FollowUpState]:
    """States in use by code and by name in each language; a phase by its word is its main state."""
    found: dict[str, FollowUpState] = {}
    for one in rows:
        if one.retired_on is not None and one.retired_on <= on:
            continue
        names = [one.code, *(local.text for local in one.name)]
        if one.is_main:
            names.append(one.phase)
        for name in names:
            found.setdefault(folded(name), one)
    return found


def _stored(evaluations: Collection[int]) -> dict[tuple[int, int], Stored]:
    """The recommendations of these evaluations by evaluation and number."""
    if not evaluations:
        return {}
    rows = Recommendation.objects.filter(evaluation__in=evaluations)
    answers: dict[int, Answer] = {}
    of_these = {"recommendation__evaluation__in": evaluations}
    for answer in Answer.objects.filter(**of_these).order_by("version"):
        answers[answer.recommendation_id] = answer
    actions: defaultdict[int, list[Action]] = defaultdict(list)
    for action in Action.objects.filter(**of_these).select_related("state").order_by("number"):
        actions[action.recommendation_id].append(action)
    return {
        (row.evaluation_id, row.number): Stored(row, answers.get(row.pk), tuple(actions[row.pk]))
        for row in rows.select_related("evaluation", "office")
    }
