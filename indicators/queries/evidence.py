"""Evidence of figures: of one figure, of all offices that a person reads, and where files lie."""

from collections.abc import Collection, Sequence
from pathlib import Path

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet

from focus_areas.models import Period
from indicators.models import (
    Achievement,
    Evidence,
    Figure,
    Indicator,
    Submission,
    SubmissionStep,
)
from indicators.rules.workflow import Action
from organization.models import Office


def path_of(sha256: str) -> Path:
    """Where the file with this hash lies."""
    return Path(default_storage.path(f"evidence/{sha256[:2]}/{sha256}"))


def was_submitted(evidence: Evidence) -> bool:
    """True if the piece was ever part of a submission. One query."""
    return bool(submitted_among([evidence]))


def submitted_among(pieces: Sequence[Evidence]) -> frozenset[int]:
    """Ids of the pieces that were ever part of a submission. One query."""
    of_piece = {"office": OuterRef("office"), "period": OuterRef("period")}
    handed_in = Submission.objects.filter(**of_piece, submitted_at__gte=OuterRef("added_at"))
    steps = SubmissionStep.objects.filter(
        submission__office=OuterRef("office"),
        submission__period=OuterRef("period"),
        action=Action.SUBMIT,
        made_at__gte=OuterRef("added_at"),
    )
    found = Evidence.objects.filter(pk__in=[one.pk for one in pieces]).filter(
        Q(Exists(handed_in)) | Q(Exists(steps))
    )
    return frozenset(found.values_list("pk", flat=True))


def _whole(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """With what a page shows; `made_up` says whether it speaks for something illustrative."""
    same = {name: OuterRef(name) for name in ("indicator", "office", "period")}
    return rows.select_related(
        "indicator", "office", "period", "added_by", "retired_by", "achievement__authority"
    ).annotate(
        made_up=Exists(Figure.objects.filter(**same, illustrative=True))
        | Exists(Achievement.objects.filter(**same, illustrative=True))
    )


def evidence_of(*, indicator: Indicator, office: Office, period: Period) -> list[Evidence]:
    """All evidence of a figure and its achievements, retired pieces too. One query."""
    return list(_whole(Evidence.objects.filter(indicator=indicator, office=office, period=period)))


def piece_of(*, indicator: str, office: Office, period: Period, number: int) -> Evidence | None:
    """One piece of evidence, if it belongs to this figure. One query."""
    rows = Evidence.objects.filter(
        pk=number, indicator__code=indicator, office=office, period=period
    )
    return _whole(rows).first()


def evidence_of_offices(
    *, offices: Collection[int] | None, year: str, office: str, limit: int
) -> tuple[list[Evidence], int]:
    """The newest evidence of the offices a person reads (None: all), and how much there is.

    `year` and `office` narrow it by code; empty for all. Two queries.
    """
    rows = Evidence.objects.all()
    if offices is not None:
        rows = rows.filter(office__in=offices)
    if year:
        rows = rows.filter(period__code=year)
    if office:
        rows = rows.filter(office__code=office)
    return list(_whole(rows).order_by("-added_at", "-pk")[:limit]), rows.count()


def offices_and_years(
    offices: Collection[int] | None,
) -> tuple[list[Office], list[Period]]:
    """The offices and the years for which there is evidence. Two queries."""
    rows = (
        Evidence.objects.all() if offices is None else Evidence.objects.filter(office__in=offices)
    )
    return (
        list(Office.objects.filter(pk__in=rows.values("office"))),
        list(Period.objects.filter(pk__in=rows.values("period"))),
    )
