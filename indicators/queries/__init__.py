"""Reads of this app: batch in, dataclasses out, a fixed number of queries."""

from indicators.queries.entry import (
    EntryPage,
    EntryRow,
    entry_page,
    lock_on,
    open_matters,
)
from indicators.queries.progress import approval_queue, submission_progress
from indicators.queries.standing import Standing, standings, standings_in
from indicators.queries.statistics import RegionalSeries, regional_series

__all__ = [
    "EntryPage",
    "EntryRow",
    "RegionalSeries",
    "Standing",
    "approval_queue",
    "entry_page",
    "lock_on",
    "open_matters",
    "regional_series",
    "standings",
    "standings_in",
    "submission_progress",
]
