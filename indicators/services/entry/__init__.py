"""Entering figures: every door (grid, form, spreadsheet, API) hands its typed texts to one core."""

from indicators.services.entry.core import (
    Tally,
    compare,
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
    "FIELDS",
    "EntryLine",
    "Outcome",
    "Tally",
    "Typed",
    "apply",
    "compare",
    "differences",
    "enter_figure",
    "enter_figures",
    "import_figures",
    "read_number",
    "read_values",
    "refuse_clash",
]
