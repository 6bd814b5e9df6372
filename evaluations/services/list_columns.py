"""The columns of a list of recommendations, each written once, and the words that its cells know.

A heading or word is read in any of the six languages, or as its code.
"""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluations.models import Answer, FollowUpState, Recommendation
from evaluations.rules.texts import folded
from habitat_plan.kit.tables.cells import ColumnSpec
from indicators.spreadsheets.sheets import Column, Sheet, all_languages

SHEET = Sheet(
    "recommendations",
    _("Recommendations"),
    (
        Column("evaluation", _("Evaluation"), 14, required=True),
        Column("number", _("Number"), 10, required=True),
        Column("text", _("Recommendation"), 60, required=True),
        Column("office", _("Office"), 16, required=True),
        Column("priority", _("Priority"), 12),
        Column("response", _("Response"), 18),
        Column("reason", _("Reason"), 40),
        Column("answered_on", _("Answered on"), 14),
        Column("action", _("Action"), 50),
        Column("action_office", _("Office of the action"), 16),
        Column("due_on", _("Due on"), 14),
        Column("state", _("State"), 24),
        Column("closed_on", _("Closed on"), 14),
    ),
)
ALIASES: Mapping[str, tuple[str, ...]] = {
    "evaluation": ("Evaluation report", "Report"),
    "number": ("No.", "Rec. no.", "Recommendation number"),
    "text": ("Recommendations",),
    "office": ("Responsible office", "Addressed to"),
    "response": ("Management response", "Decision"),
    "answered_on": ("Response date",),
    "action": ("Management action", "Planned action"),
    "due_on": ("Due date", "Deadline", "Target date"),
    "state": ("Status", "Implementation status"),
    "closed_on": ("Closing date", "Date closed"),
}
"""Headings that offices use for the same."""
TITLES: Mapping[str, str | Promise] = {column.key: column.title for column in SHEET.columns}


def specs() -> list[ColumnSpec]:
    """The columns as they are looked for in a file."""
    return [
        ColumnSpec(
            column.key,
            (str(column.title), *column.titles()),
            column.required,
            ALIASES.get(column.key, ()),
        )
        for column in SHEET.columns
    ]


def _codes(choices: Iterable[tuple[str, str | Promise]]) -> dict[str, str]:
    """Word in any language, or the code itself → code."""
    return {
        folded(word): str(code)
        for code, label in choices
        for word in (str(code), *all_languages(label))
    }


def priority_codes() -> Mapping[str, str]:
    """What priorities are called → code."""
    return _codes((one.value, one.label) for one in Recommendation.Priority)


def decision_codes() -> Mapping[str, str]:
    """What management's decisions are called → code."""
    return _codes((one.value, one.label) for one in Answer.Decision)


def phase_codes() -> Mapping[str, str]:
    """What the phases of an action are called → code."""
    return _codes((one.value, one.label) for one in FollowUpState.Phase)
