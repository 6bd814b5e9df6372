"""Findings of an evaluation, numbered as in its report."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from evaluations.models import Criterion, Evaluation, Finding
from evaluations.services import typed
from evaluations.services.at_work import at_work, require_seen, touch
from evaluations.services.wordings import with_text
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import Wording
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit

MOST = 999
"""The highest number of a finding."""


def _words(known: Wording | None, language: str, text: str) -> Wording:
    said = typed.written(text, "text")
    wording = with_text(known, language, said)
    if not wording:
        raise RuleBroken("text_needed", _("Write what was found."), "text")
    return wording


@transaction.atomic
def add_finding(
    *,
    evaluation: Evaluation,
    text: str,
    language: str,
    by: User,
    at: datetime,
    number: int | None = None,
    criterion: Criterion | None = None,
    illustrative: bool = False,
) -> Finding:
    """Adds a finding; without a number, the next one. The same sent twice is one finding.

    Raises NotAllowed, and RuleBroken `published`, `cancelled`, `number_unknown`, `number_taken`,
    those of `typed.written`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation, language = at_work(evaluation), typed.language_of(language)
    _require_number(number)
    wording = _words(None, language, text)
    last = evaluation.findings.order_by("number").last()
    asked = last if number is None else evaluation.findings.filter(number=number).first()
    if asked is not None and (asked.text, asked.criterion) == (wording, criterion):
        return asked
    finding = Finding(
        evaluation=evaluation,
        number=number if number is not None else (last.number + 1 if last else 1),
        text=wording,
        criterion=criterion,
        illustrative=illustrative,
    )
    _require_number(finding.number)
    _require_free(finding)
    finding.save()
    touch(evaluation)
    changes = {name: (None, getattr(finding, name)) for name in ("number", "text", "criterion")}
    audit.record(action="add finding", subject=evaluation, by=by, at=at, changes=changes)
    return finding


def _require_number(number: int | None) -> None:
    if number is not None and not 1 <= number <= MOST:
        raise RuleBroken("number_unknown", _("Give a number between 1 and 999."), "number")


def _require_free(finding: Finding) -> None:
    others = finding.evaluation.findings.exclude(pk=finding.pk)
    if others.filter(number=finding.number).exists():
        raise RuleBroken(
            "number_taken",
            _("There is a finding %(number)s already. Give another number.")
            % {"number": finding.number},
            "number",
        )


@transaction.atomic
def change_finding(
    *,
    finding: Finding,
    number: int,
    text: str,
    language: str,
    criterion: Criterion | None,
    seen_revision: int,
    by: User,
    at: datetime,
) -> Finding:
    """Changes a finding; its text in one language.

    Raises as `add_finding` does, and RuleBroken `changed_elsewhere`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation, language = at_work(finding.evaluation), typed.language_of(language)
    finding = _still_there(evaluation, finding)
    new = {
        "number": number,
        "text": _words(finding.text, language, text),
        "criterion": criterion,
    }
    changes = {
        name: (getattr(finding, name), value)
        for name, value in new.items()
        if getattr(finding, name) != value
    }
    if not changes:
        return finding
    require_seen(evaluation, seen_revision)
    for name, value in new.items():
        setattr(finding, name, value)
    _require_number(number)
    _require_free(finding)
    finding.save()
    touch(evaluation)
    audit.record(action="change finding", subject=finding, by=by, at=at, changes=changes)
    return finding


@transaction.atomic
def remove_finding(*, finding: Finding, seen_revision: int, by: User, at: datetime) -> None:
    """Takes a finding out of an evaluation that is not published. The trail keeps its words.

    Raises NotAllowed, and RuleBroken `published`, `cancelled`, `changed_elsewhere`, `gone`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation = at_work(finding.evaluation)
    finding = _still_there(evaluation, finding)
    require_seen(evaluation, seen_revision)
    changes = {"number": (finding.number, None), "text": (finding.text, None)}
    finding.delete()
    touch(evaluation)
    audit.record(action="remove finding", subject=evaluation, by=by, at=at, changes=changes)


def _still_there(evaluation: Evaluation, finding: Finding) -> Finding:
    found = evaluation.findings.select_related("criterion").filter(pk=finding.pk).first()
    if found is None:
        raise RuleBroken("gone", _("This finding was taken out meanwhile. Load the page again."))
    found.evaluation = evaluation
    return found
