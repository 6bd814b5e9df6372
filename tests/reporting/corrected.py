"""An issued report of the demonstration, and what later becomes of its figures. All made up."""

from datetime import date, timedelta

from demonstration_data import ASSEMBLED_AT

from focus_areas.models import Period
from indicators.models import Achievement, Authority, Correction, Submission
from indicators.services import authorities, submissions
from indicators.services.corrections import take_from_count
from organization.models import User
from reporting import services
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report

SYMBOL, DATED = "HSP/GC/27/9", date(2018, 3, 4)
ISSUED_AT = ASSEMBLED_AT + timedelta(days=31)
CORRECTED_AT = ASSEMBLED_AT + timedelta(days=60)
LATER_AT = ASSEMBLED_AT + timedelta(days=90)
REASON = "The council withdrew its decision."


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example.org")


def issue_biennial(period: str = "2016-2017", symbol: str = SYMBOL) -> Report:
    """The biennial report of the demonstration, issued."""
    row = services.assemble_now(
        kind=BIENNIAL_PROGRESS,
        period=Period.objects.get(code=period),
        confirm_gaps=True,
        by=person("qa"),
        at=ASSEMBLED_AT,
    )
    return issue(row.report, symbol)


def issue(report: Report, symbol: str) -> Report:
    """A report or corrigendum cleared and issued."""
    editor = person("editor")
    cleared = services.clear(report=report, by=editor, at=ISSUED_AT)
    services.issue(report=cleared, symbol=symbol, dated=DATED, by=editor, at=ISSUED_AT)
    return Report.objects.select_related("document", "period").get(pk=report.pk)


def counted_once(code: str, year: str = "2017") -> Achievement:
    """An achievement of that year that no other office counts, and whose office is approved."""
    for one in Achievement.objects.filter(
        indicator__code=code,
        period__code=year,
        authority__merged_into=None,
        authority__merged=None,
        office__submissions__period__code=year,
        office__submissions__state__in=["approved", "verified"],
    ).select_related("authority", "office", "period", "indicator"):
        same = Achievement.objects.filter(indicator__code=code, authority=one.authority)
        if same.count() == 1:
            return one
    raise LookupError(code)


def correct(code: str, at=CORRECTED_AT, reason: str = REASON) -> Correction:
    """One authority fewer is counted for an indicator from 2017 on."""
    return take_from_count(achievement=counted_once(code), reason=reason, by=person("qa"), at=at)


def merge(code: str) -> Authority:
    """Two authorities counted for an indicator are found to be one."""
    kept = counted_once(code)
    country = kept.authority.country
    other = next(
        one
        for one in Achievement.objects.filter(
            indicator__code=code, authority__country=country, authority__merged_into=None
        ).select_related("authority")
        if one.authority_id != kept.authority_id and not one.authority.merged.exists()
    )
    authorities.merge(
        duplicate=kept.authority,
        into=other.authority,
        by=person("qa"),
        at=CORRECTED_AT,
        reason="One city under two names.",
    )
    return kept.authority


def approve_late(office: str, year: str) -> Submission:
    """A submission that waited is approved after the report was issued."""
    waiting = Submission.objects.get(office__code=office, period__code=year, state="submitted")
    approver = User.objects.filter(
        assignments__role="approver", assignments__office=waiting.office
    ).first()
    return submissions.approve(submission=waiting, by=approver, at=CORRECTED_AT)
