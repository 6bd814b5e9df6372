"""Which report is prepared next."""

from datetime import date

from focus_areas.models import Period
from reporting.kinds import KINDS
from reporting.models import Report
from reporting.queries.calendar import slug_of


def coming_report(*, today: date) -> str | None:
    """The report to look at first: the newest in work, else the next one, else the last.

    Only kinds that print figures of offices count; those that are issued are over. Two queries.
    """
    kinds = {kind.code: kind for kind in KINDS.values() if kind.levels and not kind.for_data}
    reports = Report.objects.filter(kind__in=kinds, corrects=None).select_related("period")
    known = {(report.kind, report.period.code): report for report in reports}
    in_work = [one for one in known.values() if one.state != Report.State.ISSUED]
    if in_work:
        return max(in_work, key=lambda one: (one.period.end, one.kind)).slug
    turns = sorted(
        (period.end, slug_of(kind, period))
        for period in Period.objects.all()
        for kind in kinds.values()
        if period.kind in kind.periods and (kind.code, period.code) not in known
    )
    ahead = [slug for end, slug in turns if end >= today]
    return ahead[0] if ahead else turns[-1][1] if turns else None
