"""Evaluations that are not out, in every state, and what is never out of one that is.

A published evaluation held back by an embargo is as little out as one that is planned. Of one that
everybody reads, follow-ups, evidence, owners and draft lessons stay with the secretariat.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from evaluations import models as m
from evaluations.rules.evaluation_states import EvaluationState
from evaluations.rules.texts import folded
from evaluations.services import stands
from focus_areas.models import FocusArea, Period
from habitat_plan.kit.wording import Wording
from organization.models import Country, Office, User

Hash = Callable[[str], str]
PUBLIC_DATA = {
    "evaluations.criterion": "how evaluations judge is told to everybody",
    "evaluations.criteriongrade": "how evaluations judge is told to everybody",
    "evaluations.mandate": "decisions of governing bodies",
    "evaluations.threshold": "decided with the plan",
    "evaluations.followupstate": "names of states",
    "evaluations.tag": "words under which lessons are kept",
    "evaluations.planversion": "approved: it goes to the Governing Council",
    "evaluations.amendment": "only of a published evaluation: it is meant to be seen",
}
"""Tables without drafts, and why."""


def say(text: str) -> Wording:
    """The text in all six languages."""
    return Wording.of(**dict.fromkeys(("ar", "zh", "en", "fr", "ru", "es"), text))


def add(word: str, number: int, sha: Hash, by: User, now: Any) -> list[str]:
    """Adds all of it; the codes of the evaluations and recommendations in addresses."""
    codes = []
    states = [*EvaluationState, EvaluationState.PUBLISHED]
    for place, state in enumerate(dict.fromkeys(states)):
        one = _evaluation(word, number, place, state, now)
        _parts(one, word, sha, by, now)
        codes += [one.code, *_recommended(one, word, sha, by, now)]
    _of_published(word, sha, by, now)
    _besides(word, number, sha, by, now)
    return codes


def _evaluation(word: str, number: int, place: int, state: str, now: Any) -> m.Evaluation:
    fields: dict[str, Any] = {}
    if state in {EvaluationState.REPORTED, EvaluationState.PUBLISHED}:
        fields = {"completed_on": now.date() - timedelta(days=100)}
    if state == EvaluationState.PUBLISHED:
        fields |= {
            "published_at": now,
            "published_on": now.date(),
            "embargo_until": now.date() + timedelta(days=30),
            "report_number": 900,
            "report_year": 2018,
        }
    return m.Evaluation.objects.create(
        code="900-2018" if state == EvaluationState.PUBLISHED else f"{word.lower()}-{place}",
        title=say(f"{word} {state}"), kind="subprogramme", state=state, made_at=now,
        purpose=say(word), terms=say(word), summary=say(word), budget=Decimal(number),
        conducted_by="external", symbol=word, source=word, searched=folded(word),
        plan=Period.objects.get(code="2018-2019"), mandate=m.Mandate.objects.first(),
        starts_on=now.date() - timedelta(days=400), **fields,
    )  # fmt: skip


def _parts(one: m.Evaluation, word: str, sha: Hash, by: User, now: Any) -> None:
    kept: dict[str, Any] = {
        "evaluation": one,
        "state": "published" if one.is_published else "draft",
    }
    area = FocusArea.objects.get(code="FA3")
    m.Scope.objects.create(kind="focus_area", focus_area=area, words=word, **kept)
    m.TeamMember.objects.create(name=word, capacity="leader", **kept)
    m.CriterionRating.objects.create(
        criterion=m.Criterion.objects.first(), grade=m.CriterionGrade.objects.first(),
        reason=say(word), **kept,
    )  # fmt: skip
    m.Finding.objects.create(number=1, text=say(word), **kept)
    m.EvaluationFile.objects.create(
        kind="report", language="en", name=f"{word}.pdf", media_type="application/pdf", size=9,
        sha256=sha(f"{word} {one.code}"), added_at=now, added_by=by, **kept,
    )  # fmt: skip
    m.EvaluationStep.objects.create(
        evaluation=one, to_state=one.state, on=now.date(), reason=word, at=now, by=by
    )
    m.ManagementResponse.objects.create(
        evaluation=one, version=1, text=say(word), differences=say(word), on=now.date(), at=now,
        by=by,
    )  # fmt: skip
    for state in m.Lesson.State.values:
        _lesson(word, state, now, evaluation=one)


def _lesson(word: str, state: str, now: Any, **fields: Any) -> None:
    lesson = m.Lesson.objects.create(
        kind="lesson", title=say(word), context=say(word), text=say(word), evidence=say(word),
        state=state, searched=folded(word), made_at=now,
        published_at=now if state != "draft" else None, **fields,
    )  # fmt: skip
    lesson.focus_areas.set(FocusArea.objects.all())
    lesson.countries.set(Country.objects.filter(illustrative=True))


def _recommended(
    one: m.Evaluation, word: str, sha: Hash, by: User, now: Any
) -> list[str]:
    """A recommendation for each decision, with an action that got as far as being proposed."""
    codes, states = [], {row.phase: row for row in m.FollowUpState.objects.filter(is_main=True)}
    offices = Office.objects.filter(code__in=("ROAP", "URCDB", "QAU", "EVU")).order_by("code")
    for place, (office, decision) in enumerate(
        zip(offices, ("", "accepted", "partly", "rejected"), strict=True), 1
    ):
        row = m.Recommendation.objects.create(
            evaluation=one, number=place, text=say(word), office=office, made_at=now,
            searched=folded(word), state="published" if one.is_published else "draft",
        )  # fmt: skip
        codes.append(row.code)
        m.Link.objects.create(
            recommendation=row, kind="paragraph", paragraph="p.100", note=say(word), made_at=now
        )
        if decision:
            m.Answer.objects.create(
                recommendation=row, version=1, decision=decision, text=say(word),
                reason=say(word), has_reason=True, on=now.date(), at=now, by=by,
            )  # fmt: skip
        if decision in {"accepted", "partly"}:
            action = m.Action.objects.create(
                recommendation=row, number=1, text=say(word), office=office, owner=by,
                planned_on=now.date(), due_on=now.date(), agreed_due_on=now.date(),
                state=states["in_progress"], made_at=now,
            )  # fmt: skip
            _followed(action, states["not_started"], states["in_progress"], word, sha, by, now)
    stands.refresh(one.recommendations.all())
    return codes


def _followed(
    action: m.Action, before: Any, after: Any, word: str, sha: Hash, by: User, now: Any
) -> None:
    step = m.FollowUp.objects.create(
        action=action, number=action.follow_ups.count() + 1, kind="progress", before=before,
        after=after, due_before=action.due_on, due_after=action.due_on, text=word, reason=word,
        on=now.date(), at=now, by=by,
    )  # fmt: skip
    shown: dict[str, Any] = {"follow_up": step, "added_at": now, "added_by": by}
    m.FollowUpEvidence.objects.create(title=word, link=f"https://{word}.example/", **shown)
    m.FollowUpEvidence.objects.create(
        title=word, name=f"{word}.pdf", media_type="application/pdf", size=9,
        sha256=sha(f"{word} evidence {step.pk}"), **shown,
    )  # fmt: skip


def _of_published(word: str, sha: Hash, by: User, now: Any) -> None:
    """What hangs on published evaluations and is for the secretariat: no state of theirs changes."""
    open_ones = m.Action.objects.filter(state__phase__in=["not_started", "in_progress", "proposed"])
    for action in open_ones.filter(recommendation__evaluation__embargo_until=None):
        if action.recommendation.evaluation.is_published:
            _followed(action, action.state, action.state, word, sha, by, now)
    for one in m.Evaluation.objects.filter(state="published", embargo_until=None):
        m.EvaluationStep.objects.create(
            evaluation=one, from_state="reported", to_state="published", on=now.date(),
            reason=word, at=now, by=by,
        )  # fmt: skip
        for state in ("draft", "retired"):
            _lesson(word, state, now, evaluation=one)
    for row in m.Recommendation.objects.filter(evaluation__embargo_until=None, state="published"):
        m.Link.objects.create(
            recommendation=row, kind="paragraph", paragraph="p.101", note=say(word), made_at=now,
            removed_at=now,
        )  # fmt: skip


def _besides(word: str, number: int, sha: Hash, by: User, now: Any) -> None:
    """Projects, which no public page shows yet, and a list that somebody sent."""
    project = m.Project.objects.create(
        code=f"{word.lower()}-project", title=say(word), office=Office.objects.get(code="ROAP"),
        budget=Decimal(number), evaluation_budget=Decimal(number), source=word,
        starts_on=now.date() - timedelta(days=900), ends_on=now.date(), closed_on=now.date(),
    )  # fmt: skip
    project.focus_areas.set(FocusArea.objects.all())
    _lesson(word, "draft", now)
    m.RecommendationList.objects.create(
        file_name=f"{word}.csv", sha256=sha(f"{word} list"), size=9, language="en", state="read",
        lines=[{"text": word}], sentence=word, made_at=now, made_by=by,
    )  # fmt: skip
