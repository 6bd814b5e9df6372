"""Entering figures: every door (grid, form, spreadsheet, API) hands its typed texts to one core."""

from indicators.services.entry.core import (
    CHUNK,
    Tally,
    compare,
    compare_chunks,
    enter_figure,
    enter_figures,
    import_figures,
)
from indicators.services.entry.lines import FIELDS, EntryLine, Outcome, Typed
from indicators.services.entry.reading import (
    apply,
    differences,
    read_number,
    read_values,
    refuse_clash,
)

__all__ = [
    "CHUNK",
    "FIELDS",
    "EntryLine",
    "Outcome",
    "Tally",
    "Typed",
    "apply",
    "compare",
    "compare_chunks",
    "differences",
    "enter_figure",
    "enter_figures",
    "import_figures",
    "read_number",
    "read_values",
    "refuse_clash",
]
