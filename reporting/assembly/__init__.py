"""Queries of all apps → a frozen document. The only place that knows every app."""

from collections.abc import Callable, Mapping

from reporting.assembly.biennial_progress import compose as biennial_progress
from reporting.assembly.snapshot import Snapshot, take
from reporting.document import Document

COMPOSERS: Mapping[str, Callable[[Snapshot], Document]] = {"biennial_progress": biennial_progress}

__all__ = ["COMPOSERS", "Snapshot", "compose", "take"]


def compose(snapshot: Snapshot) -> Document:
    """The document of a snapshot, by its kind."""
    return COMPOSERS[snapshot.kind.code](snapshot)
