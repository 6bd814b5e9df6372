"""The plan's own words: its texts as valid in a revision, and all that each has been."""

import re
from collections.abc import Iterable

from django.db.models import Q

from focus_areas.models import PlanRevision, PlanText, StrategicPlan

CODE = re.compile(r"[A-Za-z0-9._-]+")


def is_code(given: str) -> bool:
    """True if this may be a code: letters, digits, dots, hyphens (PostgreSQL refuses NUL)."""
    return CODE.fullmatch(given) is not None


def plan() -> StrategicPlan:
    """The plan of this installation. One query."""
    return StrategicPlan.objects.get()


def revisions() -> list[PlanRevision]:
    """All revisions, oldest first."""
    return list(PlanRevision.objects.order_by("dated"))


def texts(
    *,
    codes: Iterable[str] = (),
    parents: Iterable[str] = (),
    kinds: Iterable[str] = (),
    revision: PlanRevision | None = None,
) -> dict[str, PlanText]:
    """Texts by code: the newest at or before a revision (the latest by default). One query.

    Asks for texts with one of the codes, or below one of the parents, or of one of the kinds.
    """
    wanted = Q(code__in=list(codes)) | Q(parent__in=list(parents)) | Q(kind__in=list(kinds))
    rows = PlanText.objects.filter(wanted).select_related("revision")
    if revision is not None:
        rows = rows.filter(revision__dated__lte=revision.dated)
    return {text.code: text for text in rows.order_by("revision__dated", "kind", "ordinal", "code")}


def wordings_of(code: str) -> list[PlanText]:
    """All wordings that a text has had, oldest first. One query."""
    if not is_code(code):
        return []
    rows = PlanText.objects.filter(code=code).select_related("revision")
    return list(rows.order_by("revision__dated"))
