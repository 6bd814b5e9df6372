"""Figures that texts refer to: looked up in what is approved, or refused in a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period
from reporting.assembly.figures import FigureBook
from reporting.assembly.snapshot import Snapshot, take
from reporting.document import Figure
from reporting.kinds import ReportKind
from reporting.rules.references import BadReference, Reference, parse


@dataclass(frozen=True)
class Refused:
    """A reference that names no figure this report may print, and what to do about it."""

    code: str
    message: str | Promise


def resolve(
    references: Iterable[str], *, kind: ReportKind, today: date
) -> Mapping[str, Figure | Refused]:
    """Each reference, as typed, with its figure as approved now, or why it has none.

    A fixed number of queries for any number of references.
    """
    asked = tuple(dict.fromkeys(references))
    period = Period.objects.filter(kind__in=kind.periods).first() if asked else None
    if period is None:
        return {}
    at = datetime.combine(today, time(12), tzinfo=UTC)
    snapshot = take(kind=kind, period=period, at=at, references=asked, whole=False)
    return look_up(FigureBook(snapshot), asked)


def look_up(book: FigureBook, references: Iterable[str]) -> dict[str, Figure | Refused]:
    """Each reference with its figure, which is then in the book, or why it has none."""
    found: dict[str, Figure | Refused] = {}
    for typed in references:
        try:
            reference = parse(typed)
        except BadReference as bad:
            found[typed] = Refused("bad_reference", str(bad))
            continue
        found[typed] = _figure(book, book.snapshot, reference)
    return found


def _figure(book: FigureBook, snapshot: Snapshot, reference: Reference) -> Figure | Refused:
    standing = snapshot.find(reference.code, reference.period)
    if standing is None:
        return Refused(
            "unknown_figure",
            _(
                "%(reference)s: this report has no such indicator and period. Check the code and "
                "the period; indicators of the strategic result stand in the mid-term and final "
                "reports only."
            )
            % {"reference": reference},
        )
    if str(reference) not in book.figures:
        book.add_standing(standing)
    figure = book.figures.get(str(reference))
    if figure is not None:
        return figure
    if reference.office:
        return Refused(
            "unknown_office",
            _("%(reference)s: %(office)s does not report on this indicator. Choose another office.")
            % {"reference": reference, "office": reference.office},
        )
    return Refused(
        "no_such_value",
        _(
            "%(reference)s: there is no such value, since the baseline, the target or the actual "
            "figure is missing."
        )
        % {"reference": reference},
    )
