"""The sheets and their columns, each written once: what is filled in, what only helps, what hides.

A heading is written in the language of the page and read in any of the six.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from habitat_plan.kit.wording import LANGUAGES


class Use(StrEnum):
    """What a column is for: read and filled in, read and fixed, only looked at."""

    FILL = "fill"
    FIXED = "fixed"
    HIDDEN = "hidden"
    HELP = "help"


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, how wide it is in characters, what it is for."""

    key: str
    title: str | Promise
    width: int = 14
    use: Use = Use.FILL
    required: bool = False

    @property
    def is_read(self) -> bool:
        """True if the column means something when the file comes back."""
        return self.use is not Use.HELP

    def titles(self) -> tuple[str, ...]:
        """The heading in each of the six languages, each once, and the key itself."""
        return (*all_languages(self.title), self.key)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its kind, its name on the tab, its columns in order."""

    kind: str
    title: str | Promise
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column | None:
        """The column with this key; None if the sheet has none."""
        return next((column for column in self.columns if column.key == key), None)


def all_languages(text: str | Promise) -> tuple[str, ...]:
    """A sentence of the catalogue in each of the six languages, each once."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[str(text)] = language
    return tuple(found)


CODE = Column("code", _("Code"), 12, Use.FIXED, required=True)
TITLE = Column("title", _("Indicator"), 44, Use.HELP)
OFFICE = Column("office", _("Office"), 10, Use.HIDDEN)
YEAR = Column("period", _("Year"), 8, Use.HIDDEN)
ILLUSTRATIVE = Column("illustrative", _("Illustrative data"), 12, Use.HELP)
TYPED_CODE = Column("code", _("Code"), 12, required=True)

FIGURES = Sheet(
    "figures",
    _("Figures"),
    (
        CODE,
        TITLE,
        Column("unit", _("Unit"), 18, Use.HELP),
        Column("how", _("What to enter"), 26, Use.HELP),
        Column("previous", _("Last value"), 14, Use.HELP),
        Column("target", _("Target"), 12, Use.HELP),
        Column("value", _("Value")),
        Column("numerator", _("Part")),
        Column("denominator", _("Whole")),
        Column("choice", _("Answer"), 18),
        Column("not_applicable", _("Not applicable?"), 12),
        Column("reason", _("Why it does not apply"), 30),
        Column("cause", _("Cause, if behind target"), 30),
        Column("explanation", _("What happened"), 40),
        Column("measures", _("What is done about it"), 40),
        OFFICE,
        YEAR,
        Column("version", _("Version"), 8, Use.HIDDEN),
        ILLUSTRATIVE,
    ),
)
PARTS = Sheet(
    "parts",
    _("Disaggregation"),
    (
        CODE,
        TITLE,
        Column("axis", _("Divided by"), 22, Use.HELP),
        Column("category", _("Of which"), 26, Use.HELP),
        Column("value", _("Value")),
        Column("part", _("Key of the category"), 22, Use.HIDDEN, required=True),
    ),
)
QUESTIONS = Sheet(
    "questions",
    _("Questions"),
    (
        CODE,
        TITLE,
        Column("question", _("Question"), 60, Use.HELP),
        Column("answer", _("Your answer"), 60),
        Column("check", _("Key of the question"), 22, Use.HIDDEN, required=True),
    ),
)
ACHIEVEMENTS = Sheet(
    "achievements",
    _("Achievements"),
    (
        TYPED_CODE,
        Column("authority", _("Authority"), 34, required=True),
        Column("country", _("Country or area"), 26),
        Column("type", _("Type"), 18),
        Column("achieved_on", _("In place on"), 14),
        Column("evidence", _("What shows it"), 44),
        Column("link", _("Link"), 30),
        Column("office", _("Office"), 10),
        Column("period", _("Year"), 8),
        ILLUSTRATIVE,
    ),
)
AUTHORITIES = Sheet(
    "authorities",
    _("Authorities"),
    (
        Column("name", _("Name of the authority"), 40, required=True),
        Column("type", _("Type"), 18, required=True),
        Column("country", _("Country or area"), 26, required=True),
        Column("other_names", _("Other names, with ; between them"), 40),
        Column("key", _("Number in the register, or “new”"), 14),
        ILLUSTRATIVE,
    ),
)
BASELINES = Sheet(
    "baselines",
    _("Baselines"),
    (
        TYPED_CODE,
        TITLE,
        Column("value", _("Value"), required=True),
        Column("year", _("Year"), 8, required=True),
        Column("source", _("Source"), 50, required=True),
        ILLUSTRATIVE,
    ),
)
TARGETS = Sheet(
    "targets",
    _("Targets"),
    (
        TYPED_CODE,
        TITLE,
        Column("office", _("Office"), 10),
        Column("year", _("Year"), 8, required=True),
        Column("value", _("Value"), required=True),
        Column("decided_on", _("Decided on"), 14),
        Column("decision", _("Decision"), 34),
        Column("reason", _("Reason"), 40),
        Column("source", _("Source"), 40),
        ILLUSTRATIVE,
    ),
)
REMEDY = Column("remedy", _("What to do"), 60, Use.HELP)

# The sheets that a file of each kind may have; the first one must be there.
FILES: Mapping[str, tuple[Sheet, ...]] = {
    "figures": (FIGURES, PARTS, QUESTIONS, ACHIEVEMENTS),
    "achievements": (ACHIEVEMENTS,),
    "authorities": (AUTHORITIES,),
    "baselines": (BASELINES,),
    "targets": (TARGETS,),
}
