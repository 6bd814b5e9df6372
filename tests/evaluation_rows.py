"""Rows of evaluations for tests, made without the services, each checked by its own validation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factories
from factories import NOW, TODAY, numbers, saved, say

from evaluations.models import (
    Action,
    Answer,
    Criterion,
    CriterionGrade,
    Evaluation,
    FollowUp,
    FollowUpState,
    Lesson,
    Mandate,
    Project,
    Recommendation,
    Scope,
    Threshold,
)
from evaluations.rules.texts import folded
from evaluations.services import stands
from habitat_plan.kit.wording import Wording
from organization.models import Office, User

PHASES = ("not_started", "in_progress", "proposed", "implemented", "overtaken")
# Recommendations that changed since the outermost `at_once` began; none outside of one.
changed: list[list[Recommendation]] = []


@contextmanager
def at_once() -> Iterator[None]:
    """Within it, where recommendations stand is written once, at its end, not with each row."""
    changed.append([])
    try:
        yield
    finally:
        touched = changed.pop()
    _stand(*touched)


def _stand(*touched: Recommendation) -> None:
    """Where these stand, now or at the end of what is made at once."""
    if changed:
        changed[-1].extend(touched)
    else:
        stands.refresh(touched)


def states() -> dict[str, FollowUpState]:
    """One main state for each phase, by phase; made once."""
    found = {row.phase: row for row in FollowUpState.objects.filter(is_main=True)}
    for number, phase in enumerate(PHASES):
        if phase not in found:
            found[phase] = saved(
                FollowUpState(
                    code=phase.replace("_", "-"),
                    phase=phase,
                    name=say(phase.replace("_", " ")),
                    ordinal=number,
                    is_main=True,
                )
            )
    return found


def said(*wordings: Wording) -> str:
    """What is searched of some texts."""
    return folded(*(local.text for wording in wordings for local in wording))


def criterion(code: str = "relevance") -> Criterion:
    """A criterion."""
    found = Criterion.objects.filter(code=code).first()
    return found or saved(
        Criterion(code=code, name=say(code), question=say(f"{code}?"), source="OECD-DAC 2019")
    )


def grade(code: str, ordinal: int) -> CriterionGrade:
    """A grade of the scale of criteria."""
    return saved(CriterionGrade(code=code, name=say(code), ordinal=ordinal))


def mandate(code: str = "m-1", *, due_on: date | None = None, **fields: Any) -> Mandate:
    """Something that asks for an evaluation."""
    given = {"body": "agreement", "reference": "Agreement 1"} | fields
    return saved(Mandate(code=code, name=say(f"Mandate {code}"), due_on=due_on, **given))


def threshold(amount: str = "3000000", since: date = date(2014, 1, 1)) -> Threshold:
    """From which budget on a project gets an external evaluation."""
    return saved(Threshold(amount=Decimal(amount), since=since, source="p.100", paragraph="p.100"))


def project(code: str = "", *, office: Office, budget: str = "1000000", **fields: Any) -> Project:
    """A project that runs through 2016."""
    code = code or f"prj-{next(numbers)}"
    given: dict[str, Any] = {
        "title": say(f"Project {code}"),
        "starts_on": date(2016, 1, 1),
        "ends_on": date(2016, 12, 31),
    } | fields
    return saved(Project(code=code, office=office, budget=Decimal(budget), **given))


def evaluation(code: str = "", *, state: str = "planned", **fields: Any) -> Evaluation:
    """An evaluation in a state; a published one has a report number."""
    number = next(numbers)
    given: dict[str, Any] = {"kind": "subprogramme", "title": say(f"Evaluation {number}")} | fields
    if state in {"reported", "published"}:
        given = {"completed_on": TODAY - timedelta(days=60)} | given
    if state == "published":
        given = {
            "report_number": number,
            "report_year": 2016,
            "published_on": TODAY - timedelta(days=30),
            "published_at": NOW - timedelta(days=30),
        } | given
    return saved(
        Evaluation(
            code=code or f"e-{number}",
            state=state,
            made_at=NOW,
            searched=said(given["title"]),
            **given,
        )
    )


def scope(of: Evaluation, **named: Any) -> Scope:
    """What an evaluation looks at: `scope(one, focus_area=area)`."""
    (kind,) = named
    state = "published" if of.is_published else "draft"
    return saved(Scope(evaluation=of, kind=kind, state=state, **named))


def recommendation(
    of: Evaluation, *, office: Office, number: int = 0, text: str = "", **fields: Any
) -> Recommendation:
    """A recommendation put to an office, not answered yet."""
    states()
    number = number or of.recommendations.count() + 1
    words = say(text or f"Do thing {number}")
    row = saved(
        Recommendation(
            evaluation=of,
            number=number,
            text=words,
            office=office,
            made_at=NOW,
            searched=said(words),
            state="published" if of.is_published else "draft",
            **fields,
        )
    )
    _stand(row)
    return row


def answer(
    to: Recommendation,
    decision: str = "accepted",
    *,
    on: date = TODAY,
    reason: str = "",
    **fields: Any,
) -> Answer:
    """Management's answer; a rejection has a reason."""
    why = reason or ("It is done already." if decision == "rejected" else "")
    row = saved(
        Answer(
            recommendation=to,
            version=to.answers.count() + 1,
            decision=decision,
            text=say("We agree."),
            reason=say(why) if why else Wording({}),
            has_reason=bool(why),
            on=on,
            at=NOW,
            **fields,
        )
    )
    _stand(to)
    return row


def action(
    for_: Recommendation,
    *,
    office: Office | None = None,
    owner: User | None = None,
    due_on: date | None = date(2017, 6, 30),
    planned_on: date = TODAY,
) -> Action:
    """What an office does about a recommendation, not started."""
    number = for_.actions.count() + 1
    row = saved(
        Action(
            recommendation=for_,
            number=number,
            text=say(f"Action {number}"),
            office=office or for_.office,
            owner=owner,
            planned_on=planned_on,
            agreed_due_on=due_on,
            due_on=due_on,
            state=states()["not_started"],
            made_at=NOW,
        )
    )
    _stand(for_)
    return row


KINDS = {
    "in_progress": "progress",
    "proposed": "proposed",
    "implemented": "verified",
    "overtaken": "overtaken",
}


def follow_ups(
    on: Action, phases: Sequence[str], *, day: date = TODAY, by: User | None = None
) -> None:
    """Follow-ups that lead an action through phases, all on one day."""
    known = states()
    for phase in phases:
        before, after = on.state, known[phase]
        kind = KINDS[phase]
        FollowUp.objects.create(
            action=on,
            number=on.follow_ups.count() + 1,
            kind=kind,
            before=before,
            after=after,
            due_before=on.due_on,
            due_after=on.due_on,
            reason="Events." if kind == "overtaken" else "",
            on=day,
            at=NOW,
            by=by,
        )
        on.state = after
        on.save(update_fields=["state"])
    _stand(on.recommendation)


def lesson(title: str = "", *, state: str = "published", **fields: Any) -> Lesson:
    """A lesson."""
    words = say(title or f"Lesson {next(numbers)}")
    given: dict[str, Any] = {
        "context": say("Where it was learned."),
        "text": say("What was learned."),
        "evidence": say("What shows it."),
    } | fields
    published_at = NOW if state == "published" else None
    return saved(
        Lesson(
            kind="lesson",
            title=words,
            state=state,
            made_at=NOW,
            published_at=published_at,
            searched=said(words, given["context"], given["text"], given["evidence"]),
            **given,
        )
    )


def biennium(code: str = "2016-2017") -> Any:
    """A biennium of the plan."""
    return factories.period(code)
