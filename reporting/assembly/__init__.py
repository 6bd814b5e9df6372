"""Queries of all apps → a frozen document. The only place that knows every app."""

from dataclasses import replace
from datetime import datetime

from reporting.assembly.blocks import BLOCKS
from reporting.assembly.composer import Composer, Place, places
from reporting.assembly.snapshot import Snapshot, take
from reporting.document import Document
from reporting.kinds import KINDS
from reporting.models import Report

__all__ = ["BLOCKS", "Place", "Snapshot", "compose", "places", "recompose", "take"]


def compose(snapshot: Snapshot) -> Document:
    """The document of a snapshot, after the outline of its kind."""
    return Composer(snapshot, BLOCKS).document()


def recompose(report: Report, *, at: datetime) -> Document:
    """A report as it would be assembled now, under the symbol and date of its issue, if any.

    Where nothing changed since, it equals the stored document byte for byte.
    """
    kind = KINDS[report.kind]
    document = compose(take(kind=kind, period=report.period, at=at, report=report))
    if not report.symbol or report.issued_on is None:
        return document
    masthead = replace(document.masthead, symbol=report.symbol, date=report.issued_on)
    return replace(document, masthead=masthead)
