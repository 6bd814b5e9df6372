"""What people type into forms of recommendations: texts and days, judged at every door alike."""

from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import LANGUAGES

LONGEST = 10_000


def written(text: str, field: str, *, needed: str = "") -> str:
    """The text without blank ends, its lines ended alike whichever browser sent it.

    `needed` is the sentence for one that may not be blank.

    Raises RuleBroken `<field>_needed`, `text_too_long`, `text_damaged`.
    """
    said = text.strip().replace("\r\n", "\n")
    if needed and not said:
        raise RuleBroken(f"{field}_needed", needed, field)
    if "\x00" in said:
        raise RuleBroken(
            "text_damaged", _("This text holds a sign that is no letter. Type it again."), field
        )
    if len(said) > LONGEST:
        raise RuleBroken(
            "text_too_long",
            _("This text has %(length)s characters; %(longest)s are the most. Shorten it.")
            % {"length": len(said), "longest": LONGEST},
            field,
        )
    return said


def language_of(language: str) -> str:
    """One of the six languages. Raises RuleBroken `language_unknown`."""
    if language not in LANGUAGES:
        raise RuleBroken(
            "language_unknown", _("Choose the language in which you write."), "language"
        )
    return language


def happened_on(on: date, at: datetime, *, earliest: date | None = None) -> date:
    """A day on which something happened: not after today, not before `earliest`.

    Raises RuleBroken `day_in_future`, `day_too_early`.
    """
    if on > localdate(at):
        raise RuleBroken(
            "day_in_future",
            _("This day lies in the future. Give the day on which it happened."),
            "on",
        )
    if earliest is not None and on < earliest:
        raise RuleBroken(
            "day_too_early",
            _("What came before is of %(day)s. Give that day or a later one.")
            % {"day": formats.day(earliest, get_language() or "en")},
            "on",
        )
    return on


def changed_elsewhere() -> RuleBroken:
    """The refusal of a form that was made from something older than what is there now."""
    return RuleBroken(
        "changed_elsewhere",
        _("Somebody else changed this meanwhile. Read what it says now, then send yours again."),
    )
