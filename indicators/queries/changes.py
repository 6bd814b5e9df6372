"""What an office hands in, as it is kept with each step; and what was approved before it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max

from focus_areas.models import Period
from indicators.models import (
    Achievement,
    Authority,
    Evidence,
    Figure,
    Submission,
    SubmissionStep,
)
from indicators.queries.standing import APPROVED, entry_of
from indicators.rules.aggregation import Entry
from indicators.rules.differences import Content
from organization.models import Office
from organization.services.audit import plain

TEXTS = ("choice", "reason", "cause", "explanation", "measures")
NUMBERS = ("value", "numerator", "denominator")


def content_of(*, office: Office, period: Period) -> dict[str, dict[str, Any]]:
    """An office's figures of a year by indicator code, as plain values. Five queries.

    Decimals are texts without trailing zeros; what is empty is left out.
    """
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    figures = Figure.objects.filter(office=office, period=period).annotate(
        code=F("indicator__code")
    )
    for figure in figures.prefetch_related("parts__category__axis", "answers"):
        row = found[figure.code]
        row |= {name: plain(getattr(figure, name)) for name in NUMBERS if _given(figure, name)}
        row |= {name: getattr(figure, name) for name in TEXTS if getattr(figure, name)}
        if figure.not_applicable:
            row["not_applicable"] = True
        parts = {
            f"{part.category.axis.code}:{part.category.code}": plain(part.value)
            for part in figure.parts.all()
        }
        answers = {answer.check_code: answer.sentence for answer in figure.answers.all()}
        row |= {name: one for name, one in (("parts", parts), ("answers", answers)) if one}
    for code, authority, day, *told in Achievement.objects.filter(
        office=office, period=period
    ).values_list("indicator__code", "authority_id", "achieved_on", "evidence", "link"):
        found[code].setdefault("achievements", {})[str(authority)] = [plain(day), *told]
    for code, piece, title in Evidence.objects.filter(
        office=office, period=period, retired_at__isnull=True
    ).values_list("indicator__code", "pk", "title"):
        found[code].setdefault("evidence", {})[str(piece)] = title
    return {code: row for code, row in found.items() if row}


def _given(figure: Figure, name: str) -> bool:
    return getattr(figure, name) is not None


def last_number(submission: Submission) -> int:
    """The number of the last step; 0 before the first. One query."""
    found: int | None = SubmissionStep.objects.filter(submission=submission).aggregate(
        last=Max("number")
    )["last"]
    return found or 0


def steps_of(submission: Submission) -> list[SubmissionStep]:
    """All steps of a submission, oldest first. One query."""
    if submission.pk is None:
        return []
    return list(SubmissionStep.objects.filter(submission=submission).select_related("made_by"))


def handed_in(submission: Submission) -> Content | None:
    """What was handed in last, if it was kept. One query."""
    return (
        SubmissionStep.objects.filter(submission=submission, action="submit")
        .order_by("-number")
        .values_list("content", flat=True)
        .first()
    )


def authority_names(ids: Collection[int]) -> dict[str, str]:
    """The names of authorities by id as text, as changes keep them. One query; none for none."""
    if not ids:
        return {}
    found = Authority.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(key): name for key, name in found}


@dataclass(frozen=True)
class Earlier:
    """What stood approved before a year: the last entry, or how many authorities were counted."""

    entries: Mapping[int, Entry]
    counts: Mapping[int, int]


def approved_before(*, office: Office, period: Period) -> Earlier:
    """The last approved entry or count of each indicator before a year, by its id. Two queries."""
    approved = {
        "office": office,
        "period__end__lt": period.start,
        "office__submissions__period": F("period"),
        "office__submissions__state__in": APPROVED,
    }
    entries = {
        figure.indicator_id: entry_of(figure)
        for figure in Figure.objects.filter(**approved)
        .select_related("office", "period")
        .order_by("period__end")
        if entry_of(figure).has_value
    }
    roots: dict[int, set[int]] = defaultdict(set)
    for indicator, merged, own in Achievement.objects.filter(**approved).values_list(
        "indicator_id", "authority__merged_into_id", "authority_id"
    ):
        roots[indicator].add(merged or own)
    return Earlier(entries, {indicator: len(found) for indicator, found in roots.items()})
