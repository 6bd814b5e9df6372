"""Evidence: what shows where an office's entry comes from."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Evidence, Indicator
from indicators.services.links import read_link
from indicators.services.submissions import require_open
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit


@transaction.atomic
def add_evidence(
    *,
    indicator: Indicator,
    office: Office,
    period: Period,
    title: str,
    link: str,
    note: str,
    by: User,
    at: datetime,
) -> Evidence:
    """Adds a link or note that shows where the office's entry comes from.

    Raises RuleBroken `locked`, `evidence_empty`, `not_an_address`.
    """
    require(by, Role.CONTRIBUTOR, office=office)
    require_open(office=office, period=period, at=at)
    address = read_link(link)
    if not address and not note.strip():
        raise RuleBroken("evidence_empty", _("Give a link or a note."), "note")
    evidence = Evidence.objects.create(
        indicator=indicator,
        office=office,
        period=period,
        title=title.strip() or address or note.strip()[:80],
        link=address,
        note=note.strip(),
        added_at=at,
        added_by=by,
    )
    audit.record(action="add evidence", subject=evidence, by=by, at=at, office=office)
    return evidence
