"""Remarks on single figures: queries, the notes of a return, answers, and settling them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Indicator, Remark, Submission
from indicators.rules import workflow
from indicators.services.reminders import told_of_query
from organization.models import Office, Role, User
from organization.permissions import holds, require
from organization.services import audit


def _written(text: str, sentence: str) -> str:
    """The text without blank ends. Raises RuleBroken `text_needed` if nothing is left."""
    if not text.strip():
        raise RuleBroken("text_needed", sentence, "text")
    return text.strip()


def _require_voice(user: User, office: Office) -> None:
    """Quality assurance speaks about every figure, others about those of their own office."""
    if not holds(user, Role.QUALITY_ASSURANCE):
        require(user, Role.CONTRIBUTOR, Role.APPROVER, office=office)


@transaction.atomic
def ask(
    *, indicator: Indicator, office: Office, period: Period, text: str, by: User, at: datetime
) -> Remark:
    """Asks something about a figure: quality assurance about any, an office about its own.

    An office asks for a correction in this way once its figures are approved; before, it changes
    them itself. Raises RuleBroken `text_needed`, `not_assigned`, `still_open`.
    """
    _require_voice(by, office)
    said = _written(text, _("Write what you ask."))
    if not indicator.assignments.filter(office=office).exists():
        raise RuleBroken(
            "not_assigned",
            _("%(office)s does not report on %(code)s. Ask the Quality Assurance Unit.")
            % {"office": office.name, "code": indicator.code},
        )
    if not holds(by, Role.QUALITY_ASSURANCE):
        _require_approved(office, period)
    remark = Remark.objects.create(
        indicator=indicator,
        office=office,
        period=period,
        kind=Remark.Kind.QUERY,
        text=said,
        made_at=at,
        made_by=by,
    )
    audit.record(
        action="ask about figure",
        subject=remark,
        by=by,
        at=at,
        changes={"text": (None, said)},
        office=office,
    )
    told_of_query(remark=remark, by=by, at=at)
    return remark


def _require_approved(office: Office, period: Period) -> None:
    state = Submission.objects.filter(office=office, period=period).values_list("state", flat=True)
    if not any(workflow.counts(workflow.State(one)) for one in state):
        raise RuleBroken(
            "still_open",
            _("This figure is not approved yet. The office changes it on its own page."),
        )


def _locked(remark: Remark) -> Remark:
    """The remark as it is stored now. Raises RuleBroken `already_settled`."""
    found = (
        Remark.objects.select_for_update(of=("self",))
        .select_related("office", "indicator", "period")
        .get(pk=remark.pk)
    )
    if found.settled_at is not None:
        raise RuleBroken("already_settled", _("This is settled. Ask anew if something is open."))
    return found


@transaction.atomic
def answer(*, remark: Remark, text: str, by: User, at: datetime) -> Remark:
    """Answers a query or a note; it stays open until it is settled.

    Raises RuleBroken `text_needed`, `already_settled`, `not_a_question`.
    """
    _require_voice(by, remark.office)
    said = _written(text, _("Write the answer."))
    asked = _locked(remark)
    if asked.kind == Remark.Kind.ANSWER:
        raise RuleBroken("not_a_question", _("Answer the question, not another answer."))
    made = Remark.objects.create(
        indicator=asked.indicator,
        office=asked.office,
        period=asked.period,
        kind=Remark.Kind.ANSWER,
        answers_to=asked,
        text=said,
        made_at=at,
        made_by=by,
    )
    audit.record(
        action="answer remark",
        subject=made,
        by=by,
        at=at,
        changes={"text": (None, said)},
        office=asked.office,
    )
    return made


@transaction.atomic
def settle(*, remark: Remark, by: User, at: datetime) -> Remark:
    """Closes a query or a note. By quality assurance. Raises RuleBroken `already_settled`."""
    require(by, Role.QUALITY_ASSURANCE)
    found = _locked(remark)
    if found.kind == Remark.Kind.ANSWER:
        raise RuleBroken("not_a_question", _("Answer the question, not another answer."))
    settle_all(remarks=[found], by=by, at=at)
    return found


@transaction.atomic
def settle_all(*, remarks: Iterable[Remark], by: User, at: datetime) -> None:
    """Closes remarks within the step of a submission that settles them; asks no permission."""
    changes = []
    for remark in remarks:
        remark.settled_at, remark.settled_by = at, by
        remark.save(update_fields=["settled_at", "settled_by"])
        changes.append(
            audit.Change(
                "settle remark", remark, {"settled at": (None, at)}, office=remark.office
            )
        )
    audit.record_all(changes=changes, by=by, at=at)


@transaction.atomic
def note_all(
    *,
    office: Office,
    period: Period,
    notes: Mapping[str, str],
    by: User,
    at: datetime,
) -> list[Remark]:
    """The notes on single figures with which a submission goes back; asks no permission.

    Raises RuleBroken `not_assigned` for a code that the office does not report on.
    """
    measures = {
        indicator.code: indicator
        for indicator in Indicator.objects.filter(code__in=notes, assignments__office=office)
    }
    remarks = []
    for code, text in notes.items():
        if code not in measures:
            raise RuleBroken(
                "not_assigned",
                _("%(office)s does not report on %(code)s. Ask the Quality Assurance Unit.")
                % {"office": office.name, "code": code},
            )
        remarks.append(
            Remark.objects.create(
                indicator=measures[code],
                office=office,
                period=period,
                kind=Remark.Kind.RETURN,
                text=text,
                made_at=at,
                made_by=by,
            )
        )
    audit.record_all(
        changes=[
            audit.Change("note on figure", one, {"text": (None, one.text)}, office=office)
            for one in remarks
        ],
        by=by,
        at=at,
    )
    return remarks
