"""Keeps evaluations: planned, changed, led from state to state, published, amended (p.96-101)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from evaluations.models import Amendment, Evaluation, EvaluationFile, EvaluationStep, Mandate
from evaluations.queries.evaluations import PUBLISHED
from evaluations.rules.evaluation_states import EvaluationState, step
from evaluations.rules.texts import folded
from evaluations.services import facts, typed
from evaluations.services.at_work import at_work, locked, published, require_seen
from evaluations.services.wordings import searched, with_text
from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import Wording
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit

RESPONSE_WITHIN = timedelta(days=60)
"""How long management has for its response. A planning assumption of ours: the plan names none."""
REPORTS_SINCE = 1978
"""No report of UN-Habitat is older than UN-Habitat."""
PARTS = ("scopes", "team", "ratings", "findings", "files", "recommendations")


def words_searched(evaluation: Evaluation) -> str:
    """What a search of evaluations looks through."""
    found = searched(evaluation.title, evaluation.purpose, evaluation.summary)
    named = folded(evaluation.code, evaluation.number, evaluation.symbol)
    return f"{found} {named}".strip()


@transaction.atomic
def plan_evaluation(
    *,
    code: str,
    title: str,
    language: str,
    kind: str,
    plan: Period | None,
    mandate: Mandate | None,
    conducted_by: str,
    budget: Decimal | None,
    starts_on: date | None,
    ends_on: date | None,
    purpose: str,
    by: User,
    at: datetime,
    illustrative: bool = False,
) -> Evaluation:
    """Takes an evaluation into the plan. The same sent twice is one evaluation.

    Raises NotAllowed, and RuleBroken `code_needed`, `code_taken`, those of `facts.read`.
    """
    require(by, Role.EVALUATION_OFFICER)
    language = typed.language_of(language)
    given = facts.read({
        "title": title, "purpose": purpose, "kind": kind, "plan": plan, "mandate": mandate,
        "conducted_by": conducted_by, "budget": budget, "starts_on": starts_on, "ends_on": ends_on,
    })  # fmt: skip
    evaluation = Evaluation(
        code=facts.code(code),
        illustrative=illustrative,
        made_at=at,
        **_worded(None, given, language),
    )
    facts.require_order(evaluation)
    known = Evaluation.objects.select_for_update().filter(code=evaluation.code).first()
    if known is not None and _is_same(known, evaluation, list(given)):
        return known
    _insert(evaluation)
    changes = {name: (None, getattr(evaluation, name)) for name in ["code", *given]}
    audit.record(action="plan evaluation", subject=evaluation, by=by, at=at, changes=changes)
    return evaluation


def _is_same(known: Evaluation, new: Evaluation, names: list[str]) -> bool:
    """True if one form was sent twice: nothing happened to the first yet."""
    return known.revision == 0 and all(getattr(known, name) == getattr(new, name) for name in names)


def _insert(evaluation: Evaluation) -> None:
    evaluation.searched = words_searched(evaluation)
    try:
        with transaction.atomic():
            evaluation.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(
            "code_taken",
            _("Another evaluation has this word in its address. Choose another word."),
            "code",
        ) from error


def _worded(
    evaluation: Evaluation | None, given: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """The values with each text as one language of a wording; words that stand stay as they are."""
    found = dict(given)
    for name in facts.TEXTS.keys() & given.keys():
        wording: Wording = getattr(evaluation, name) if evaluation else Wording({})
        now = wording.texts.get(language)
        found[name] = (
            wording
            if (now.text if now else "") == given[name]
            else with_text(wording, language, given[name])
        )
    return found


@transaction.atomic
def change_evaluation(
    *,
    evaluation: Evaluation,
    seen_revision: int,
    language: str,
    by: User,
    at: datetime,
    **fields: Any,
) -> Evaluation:
    """Changes facts and texts; texts in one language. Nothing changed is nothing done.

    `fields` are names of `facts.TEXTS` and `facts.FACTS`. Raises NotAllowed, and RuleBroken
    `published`, `cancelled`, `changed_elsewhere`, those of `facts.read`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation, language = at_work(evaluation), typed.language_of(language)
    values = _worded(evaluation, facts.read(fields), language)
    changes = {
        name: (getattr(evaluation, name), value)
        for name, value in values.items()
        if getattr(evaluation, name) != value
    }
    if not changes:
        return evaluation
    require_seen(evaluation, seen_revision)
    for name, (_before, after) in changes.items():
        setattr(evaluation, name, after)
    facts.require_order(evaluation)
    evaluation.searched = words_searched(evaluation)
    evaluation.revision += 1
    evaluation.save(update_fields=[*changes, "searched", "revision"])
    audit.record(action="change evaluation", subject=evaluation, by=by, at=at, changes=changes)
    return evaluation


@transaction.atomic
def move(
    *,
    evaluation: Evaluation,
    to: str,
    reason: str,
    on: date,
    seen_revision: int,
    by: User,
    at: datetime,
) -> Evaluation:
    """Leads an evaluation one step on, back with a reason, or gives it up with a reason.

    Reported is it on the day `on`. Raises NotAllowed, and RuleBroken `published`,
    `publish_by_number`, `no_such_step`, `reason_needed`, `changed_elsewhere`, `day_in_future`,
    `day_too_early`, those of `typed.written`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation = locked(evaluation)
    reason = typed.written(reason, "reason")
    if _was_done(evaluation, to, reason, on, seen_revision):
        return evaluation
    allowed = step(evaluation.state, to)
    if allowed is None:
        raise _no_such_step(evaluation)
    if to == EvaluationState.PUBLISHED:
        raise RuleBroken(
            "publish_by_number", _("Publish it with the number of its report, or its source.")
        )
    if allowed.needs_reason and not reason:
        raise RuleBroken("reason_needed", _("Say in a sentence why."), "reason")
    require_seen(evaluation, seen_revision)
    _require_day(evaluation, on, at)
    completed = on if to == EvaluationState.REPORTED else None
    before = {"state": evaluation.state, "completed_on": evaluation.completed_on}
    evaluation.state, evaluation.completed_on = to, completed
    evaluation.revision += 1
    evaluation.save(update_fields=["state", "completed_on", "revision"])
    _record_step(evaluation, before, reason, on, by=by, at=at, action="move evaluation")
    return evaluation


def _was_done(evaluation: Evaluation, to: str, reason: str, on: date, seen_revision: int) -> bool:
    """True if one form was sent twice: the last step is this one, made from what the form saw."""
    if evaluation.state != to or seen_revision != evaluation.revision - 1:
        return False
    last = evaluation.steps.last()
    return last is not None and (last.to_state, last.reason, last.on) == (to, reason, on)


def _no_such_step(evaluation: Evaluation) -> RuleBroken:
    if evaluation.is_published:
        return published()
    return RuleBroken(
        "no_such_step",
        _("No step leads there from “%(state)s”. No state is skipped; take the next one first.")
        % {"state": evaluation.get_state_display()},
        "to",
    )


def _require_day(evaluation: Evaluation, on: date, at: datetime) -> None:
    last = evaluation.steps.last()
    typed.happened_on(on, at, earliest=last.on if last else None)


def _record_step(
    evaluation: Evaluation,
    before: Mapping[str, Any],
    reason: str,
    on: date,
    *,
    by: User,
    at: datetime,
    action: str,
) -> None:
    EvaluationStep.objects.create(
        evaluation=evaluation,
        from_state=before["state"],
        to_state=evaluation.state,
        on=on,
        reason=reason,
        at=at,
        by=by,
    )
    changes = {
        name: (value, getattr(evaluation, name))
        for name, value in before.items()
        if value != getattr(evaluation, name)
    }
    audit.record(
        action=action, subject=evaluation, by=by, at=at, changes=changes | {"on": (None, on)},
        reason=reason,
    )  # fmt: skip


@transaction.atomic
def publish(
    *,
    evaluation: Evaluation,
    report_number: int | None,
    report_year: int,
    on: date,
    embargo_until: date | None,
    seen_revision: int,
    by: User,
    at: datetime,
) -> Evaluation:
    """Publishes the report as Evaluation Report N/YYYY, with all its parts; for good.

    Its address becomes `N-YYYY`. A report without a number keeps its word, and says its source.
    Management's response is due `RESPONSE_WITHIN` that day unless another day was agreed.
    Raises NotAllowed, and RuleBroken `published`, `no_such_step`, `changed_elsewhere`,
    `day_in_future`, `day_too_early`, `report_needed`, `source_needed`, `number_unknown`,
    `year_unknown`, `number_taken`, `embargo_too_early`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation = locked(evaluation)
    if _was_published_so(evaluation, report_number, report_year, on, seen_revision):
        return evaluation
    if step(evaluation.state, EvaluationState.PUBLISHED) is None:
        raise _no_such_step(evaluation)
    require_seen(evaluation, seen_revision)
    _require_day(evaluation, on, at)
    _require_report(evaluation, report_number)
    _require_number(report_number, report_year, on)
    _require_embargo(embargo_until, on)
    code = f"{report_number}-{report_year}" if report_number else evaluation.code
    new: dict[str, Any] = {
        "state": EvaluationState.PUBLISHED, "code": code, "report_number": report_number,
        "report_year": report_year, "published_on": on, "published_at": at,
        "embargo_until": embargo_until,
        "response_due_on": evaluation.response_due_on or on + RESPONSE_WITHIN,
    }  # fmt: skip
    before = {name: getattr(evaluation, name) for name in new if name != "published_at"}
    _fix(evaluation, new)
    _record_step(evaluation, before, "", on, by=by, at=at, action=PUBLISHED)
    return evaluation


def _fix(evaluation: Evaluation, new: Mapping[str, Any]) -> None:
    """Writes the evaluation and its parts as they are to stay."""
    for name, value in new.items():
        setattr(evaluation, name, value)
    evaluation.revision += 1
    evaluation.searched = words_searched(evaluation)
    for part in PARTS:
        getattr(evaluation, part).update(state=EvaluationState.PUBLISHED)
    _save_numbered(evaluation, [*new, "revision", "searched"])


def _was_published_so(
    evaluation: Evaluation, number: int | None, year: int, on: date, seen_revision: int
) -> bool:
    """True if one form was sent twice."""
    is_next = seen_revision == evaluation.revision - 1
    asked = (number, year, on)
    was = (evaluation.report_number, evaluation.report_year, evaluation.published_on)
    return evaluation.is_published and is_next and asked == was


def _require_report(evaluation: Evaluation, number: int | None) -> None:
    """There is something to read: a file, or for older reports the place where it was published."""
    elsewhere = bool(evaluation.link and evaluation.source)
    if not elsewhere and not evaluation.files.filter(kind=EvaluationFile.Kind.REPORT).exists():
        raise RuleBroken(
            "report_needed",
            _(
                "There is no report yet. Add its file, or give the link to it and the source that "
                "names it."
            ),
        )
    if number is None and not evaluation.source:
        raise RuleBroken(
            "source_needed",
            _("Without a number, a report needs the source that names it."),
            "report_number",
        )


def _require_number(number: int | None, year: int, on: date) -> None:
    if number is not None and not 1 <= number <= 999:  # noqa: PLR2004
        raise RuleBroken("number_unknown", _("Give a number between 1 and 999."), "report_number")
    if not REPORTS_SINCE <= year <= on.year:
        raise RuleBroken(
            "year_unknown",
            _("Give the year of the report, at the latest that of its publication."),
            "report_year",
        )


def _require_embargo(until: date | None, on: date) -> None:
    if until is not None and until < on:
        raise RuleBroken(
            "embargo_too_early",
            _("The embargo ends before the day of publication. Leave it out, or give a later day."),
            "embargo_until",
        )


def _save_numbered(evaluation: Evaluation, names: list[str]) -> None:
    try:
        with transaction.atomic():
            evaluation.save(update_fields=names)
    except IntegrityError as error:
        raise RuleBroken(
            "number_taken",
            _("Evaluation Report %(number)s is another one. Give the next free number.")
            % {"number": evaluation.number},
            "report_number",
        ) from error


@transaction.atomic
def amend(
    *, evaluation: Evaluation, text: str, language: str, on: date, by: User, at: datetime
) -> Amendment:
    """Adds a numbered note that puts something right in a published evaluation.

    The same note sent twice is one note. Raises NotAllowed, and RuleBroken `not_published`,
    `day_in_future`, `day_too_early`, `text_needed`, `text_too_long`, `text_damaged`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation, language = locked(evaluation), typed.language_of(language)
    if not evaluation.is_published:
        raise RuleBroken(
            "not_published",
            _("This evaluation is not published yet. Change it itself instead of amending it."),
        )
    said = typed.written(text, "text", needed=_("Say what is put right, and how it reads now."))
    last = evaluation.amendments.order_by("number").last()
    wording = with_text(None, language, said)
    if last is not None and (last.text, last.on) == (wording, on):
        return last
    typed.happened_on(on, at, earliest=evaluation.published_on)
    amendment = Amendment.objects.create(
        evaluation=evaluation,
        number=last.number + 1 if last else 1,
        text=wording,
        on=on,
        at=at,
        by=by,
    )
    changes = {"number": (None, amendment.number), "text": (None, wording), "on": (None, on)}
    audit.record(action="amend evaluation", subject=evaluation, by=by, at=at, changes=changes)
    return amendment
