"""Whether a working document still says what the approved figures and the offices' texts say."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from reporting.assembly import recompose
from reporting.document import Document, Figure, fingerprint, from_json, to_json
from reporting.models import Report
from reporting.queries.corrections import touched_report
from reporting.rules.places import identity

MOST = 12
"""Changes named one by one; of more, the number is told."""


def outdated(report: Report, *, at: datetime) -> tuple[str, ...]:
    """What changed since the report's document was assembled, in sentences; none if nothing did."""
    if report.document is None:
        return ()
    if report.corrects is not None:
        return _of_corrigendum(report.corrects, report.document.sha256)
    content, fresh = report.document.content.encode(), recompose(report, at=at)
    if content == to_json(fresh) or to_json(stored := from_json(content)) == to_json(fresh):
        return ()
    changed = _figures(stored, fresh)
    if not changed:
        return (_("Texts, names or the session were changed."),)
    more = len(changed) - MOST
    rest = (_("And %(number)s more.") % {"number": more},) if more > 0 else ()
    return (*changed[:MOST], *rest)


def _of_corrigendum(corrects: Report, sha256: str) -> tuple[str, ...]:
    """Whether a corrigendum drafted now would say something else."""
    found = touched_report(corrects)
    if found is None:
        return (_("Nothing in the report is to be corrected any more."),)
    if fingerprint(found.corrigendum) != sha256:
        return (_("Later corrections touch it otherwise now: bring the draft up to date first."),)
    return ()


def _figures(stored: Document, fresh: Document) -> tuple[str, ...]:
    """Each figure whose value is another, with what it was and is."""
    return tuple(
        _("%(reference)s: was %(was)s, is %(now)s")
        % {
            "reference": _named(figure),
            "was": _shown(stored.figures.get(key)),
            "now": _shown(figure),
        }
        for key, figure in fresh.figures.items()
        if _value(stored.figures.get(key)) != _value(figure)
    )


def _named(figure: Figure) -> str:
    """The reference as a writer types it; of what a report counts by itself, what it counts."""
    known = identity(figure.key)
    if known is None or not known.what.startswith("#") or not figure.label:
        return figure.key
    label = str(figure.label.in_language(get_language() or "en"))
    return f"{label} ({known.office})" if known.office else label


def _value(figure: Figure | None) -> tuple[Decimal | None, str] | None:
    return (figure.value, figure.nothing) if figure else None


def _shown(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return _("not reported")
    return formats.figure(figure.value, figure.decimals, get_language() or "en")
