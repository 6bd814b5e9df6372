"""What makes a text unusable, in whatever kind of file it stands."""

from django.utils.translation import gettext as _

from habitat_plan.kit.tables.cells import Problem
from habitat_plan.kit.tables.limits import Limits

_ALLOWED = "\t\n\r"
_DELETE = "\x7f"


def text_problem(text: str, limits: Limits) -> Problem | None:
    """Too long for a cell, or with signs that no page can show."""
    if len(text) > limits.cell_characters:
        sentence = _("This cell has more than %(limit)s characters. Shorten the text.")
        return Problem("too_long", sentence % {"limit": limits.cell_characters})
    if not text.isprintable() and any(_is_control(character) for character in text):
        return Problem(
            "control_character", _("This cell has signs that cannot be shown. Type the text anew.")
        )
    return None


def _is_control(character: str) -> bool:
    below_space = character < " " and character not in _ALLOWED
    return below_space or character == _DELETE or "\ud800" <= character <= "\udfff"
