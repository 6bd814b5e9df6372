"""Corrections: the only way a figure changes after approval. The earlier value stays for ever."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Achievement, Correction, Figure, Indicator, Submission
from indicators.rules import workflow
from indicators.services.authorities.achievements import (
    NewAchievement,
    read_achievement,
    refuse_twice,
    require_count,
)
from indicators.services.authorities.register import locked
from indicators.services.entry import (
    FIELDS,
    Typed,
    apply,
    differences,
    read_values,
    refuse_clash,
)
from indicators.services.submissions import require_assigned
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit


def _reason_of(text: str) -> str:
    """Raises RuleBroken `reason_needed` if nothing is said."""
    if not text.strip():
        raise RuleBroken("reason_needed", _("Say why the figure is corrected."), "reason")
    return text.strip()


def _lock_approved(office: Office, period: Period) -> None:
    """Holds the submission until this is done. Raises RuleBroken `not_approved_yet`."""
    submission = Submission.objects.select_for_update().filter(office=office, period=period).first()
    if submission is None or not workflow.counts(workflow.State(submission.state)):
        raise RuleBroken(
            "not_approved_yet",
            _("This figure is not approved yet. The office changes it on its own page."),
        )


@transaction.atomic
def correct_figure(
    *, figure: Figure, typed: Typed, language: str, reason: str, by: User, at: datetime
) -> Correction:
    """Changes a figure after approval. The earlier value is kept in the correction for ever.

    By the quality assurance officer. Raises RuleBroken `reason_needed`, `not_approved_yet`,
    `nothing_changed`, `changed_elsewhere`, and those of a typed figure.
    """
    require(by, Role.QUALITY_ASSURANCE)
    why = _reason_of(reason)
    _lock_approved(figure.office, figure.period)
    # Read again: what the caller holds may be older than the last correction.
    figure = (
        Figure.objects.select_for_update(of=("self",))
        .select_related("indicator", "office", "period", "changed_by")
        .get(pk=figure.pk)
    )
    options = {option.code for option in figure.indicator.options.all()}
    changes = differences(figure, read_values(figure.indicator, typed, language, figure, options))
    refuse_clash(figure, typed.version, changes)
    if not changes:
        raise RuleBroken("nothing_changed", _("The new value equals the old one."), "value")
    before = {name: audit.plain(getattr(figure, name)) for name in FIELDS}
    apply(figure, changes, by, at)
    figure.save()
    after = {name: audit.plain(getattr(figure, name)) for name in FIELDS}
    return _kept(figure, before, after, changes, why, by, at, action="correct figure")


@transaction.atomic
def correct_missing(
    *,
    indicator: Indicator,
    office: Office,
    period: Period,
    typed: Typed,
    language: str,
    reason: str,
    by: User,
    at: datetime,
) -> Correction:
    """Enters a figure that an approved submission left out; otherwise as `correct_figure`."""
    require(by, Role.QUALITY_ASSURANCE)
    _reason_of(reason)
    _lock_approved(office, period)
    require_assigned(indicator, office)
    figure = _figure(indicator, office, period, by, at)
    return correct_figure(
        figure=figure, typed=typed, language=language, reason=reason, by=by, at=at
    )


def _figure(indicator: Indicator, office: Office, period: Period, by: User, at: datetime) -> Figure:
    """The row that a correction hangs on; one that reports nothing if there was none."""
    figure, _made = Figure.objects.select_for_update(of=("self",)).get_or_create(
        indicator=indicator,
        office=office,
        period=period,
        defaults={"changed_at": at, "changed_by": by, "illustrative": indicator.illustrative},
    )
    return figure


def _kept(
    figure: Figure,
    before: dict[str, Any],
    after: dict[str, Any],
    changes: dict[str, tuple[Any, Any]],
    reason: str,
    by: User,
    at: datetime,
    *,
    action: str,
) -> Correction:
    """Keeps the correction and records it."""
    correction = Correction.objects.create(
        figure=figure,
        before=before,
        after=after,
        reason=reason,
        corrected_at=at,
        corrected_by=by,
    )
    audit.record(
        action=action,
        subject=figure,
        by=by,
        at=at,
        changes=changes,
        reason=reason,
        office=figure.office,
    )
    return correction


def _count(indicator: Indicator, office: Office, period: Period) -> int:
    """The distinct authorities that the office counts to the end of the year."""
    rows = Achievement.objects.filter(
        indicator=indicator, office=office, period__end__lte=period.end
    ).values_list("authority__merged_into_id", "authority_id")
    return len({merged or own for merged, own in rows})


def _told(achievement: Achievement) -> dict[str, Any]:
    """An achievement as a correction keeps it, so that it can be read when it is gone."""
    return {
        "authority": achievement.authority_id,
        "name": achievement.authority.name,
        "achieved_on": audit.plain(achievement.achieved_on),
        "evidence": achievement.evidence,
        "link": achievement.link,
    }


@transaction.atomic
def add_to_count(
    *,
    indicator: Indicator,
    office: Office,
    period: Period,
    new: NewAchievement,
    reason: str,
    by: User,
    at: datetime,
) -> Correction:
    """Counts an authority of the register after approval. By quality assurance, with a reason.

    Raises RuleBroken `reason_needed`, `not_approved_yet`, `not_a_count`, `authority_needed`,
    `duplicate_achievement`, and those of what an achievement says.
    """
    require(by, Role.QUALITY_ASSURANCE)
    why = _reason_of(reason)
    require_count(indicator)
    require_assigned(indicator, office)
    _lock_approved(office, period)
    values = read_achievement(
        period=period, achieved_on=new.achieved_on, evidence=new.evidence, link=new.link
    )
    if new.authority is None:
        raise RuleBroken(
            "authority_needed", _("Choose an authority from the register."), "authority"
        )
    authority = locked(new.authority)[new.authority.pk]
    authority = authority.merged_into or authority
    refuse_twice(indicator, office, authority)
    before = _count(indicator, office, period)
    achievement = Achievement.objects.create(
        indicator=indicator,
        authority=authority,
        office=office,
        period=period,
        illustrative=authority.illustrative,
        added_at=at,
        added_by=by,
        **values,
    )
    figure = _figure(indicator, office, period, by, at)
    after = _count(indicator, office, period)
    return _kept(
        figure,
        {"count": before},
        {"count": after, **_told(achievement)},
        {"count": (before, after), "authority": (None, authority)},
        why,
        by,
        at,
        action="correct count",
    )


@transaction.atomic
def take_from_count(*, achievement: Achievement, reason: str, by: User, at: datetime) -> Correction:
    """No longer counts an authority after approval; what was said of it stays in the correction.

    By quality assurance, with a reason. Evidence that hung on it stays with the figure. Raises
    RuleBroken `reason_needed`, `not_approved_yet`, `gone`.
    """
    require(by, Role.QUALITY_ASSURANCE)
    why = _reason_of(reason)
    office, period, indicator = achievement.office, achievement.period, achievement.indicator
    _lock_approved(office, period)
    found = (
        Achievement.objects.select_for_update(of=("self",))
        .select_related("authority")
        .filter(pk=achievement.pk)
        .first()
    )
    if found is None:
        raise RuleBroken("gone", _("Somebody else has taken it out. Load the page again."))
    before = _count(indicator, office, period)
    kept = _told(found)
    found.pieces.update(achievement=None)
    found.delete()
    figure = _figure(indicator, office, period, by, at)
    after = _count(indicator, office, period)
    return _kept(
        figure,
        {"count": before, **kept},
        {"count": after},
        {"count": (before, after), "authority": (found.authority, None)},
        why,
        by,
        at,
        action="correct count",
    )
