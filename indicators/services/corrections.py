"""Corrections: the only way a figure changes after approval. The earlier value stays for ever."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Correction, Figure, Submission
from indicators.rules import workflow
from indicators.services.entry import FIELDS, Typed, read_values, refuse_clash, write_values
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit


@transaction.atomic
def correct_figure(
    *, figure: Figure, typed: Typed, language: str, reason: str, by: User, at: datetime
) -> Correction:
    """Changes a figure after approval. The earlier value is kept in the correction for ever.

    By the quality assurance officer. Raises RuleBroken `reason_needed`, `not_approved_yet`,
    `nothing_changed`, `changed_elsewhere`.
    """
    require(by, Role.QUALITY_ASSURANCE)
    if not reason.strip():
        raise RuleBroken("reason_needed", _("Say why the figure is corrected."), "reason")
    submission = (
        Submission.objects.select_for_update()
        .filter(office=figure.office_id, period=figure.period_id)
        .first()
    )
    if submission is None or not workflow.counts(workflow.State(submission.state)):
        raise RuleBroken(
            "not_approved_yet",
            _("This figure is not approved yet. The office changes it on its own page."),
        )
    # Read again: what the caller holds may be older than the last correction.
    figure = (
        Figure.objects.select_for_update(of=("self",))
        .select_related("indicator", "office", "period", "changed_by")
        .get(pk=figure.pk)
    )
    values = read_values(figure.indicator, typed, language)
    refuse_clash(figure, typed, values, language)
    before = {name: audit.plain(getattr(figure, name)) for name in FIELDS}
    figure, changes = write_values(
        figure, figure.indicator, figure.office, figure.period, values, by, at
    )
    if not changes:
        raise RuleBroken("nothing_changed", _("The new value equals the old one."), "value")
    correction = Correction.objects.create(
        figure=figure,
        before=before,
        after={name: audit.plain(getattr(figure, name)) for name in FIELDS},
        reason=reason.strip(),
        corrected_at=at,
        corrected_by=by,
    )
    audit.record(
        action="correct figure",
        subject=figure,
        by=by,
        at=at,
        changes=changes,
        reason=reason.strip(),
        office=figure.office,
    )
    return correction
