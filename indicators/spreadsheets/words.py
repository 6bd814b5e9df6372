"""Words in cells and the codes they stand for: written in one language, read in any of the six."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Figure, Indicator
from indicators.rules.aggregation import NO, YES
from indicators.spreadsheets.sheets import all_languages

CHOSEN = frozenset({Indicator.Kind.YES_NO, Indicator.Kind.SCALE, Indicator.Kind.MILESTONE})
TICKS, BLANKS = ("x", "true", "1"), ("false", "0")
"""What people and programs put in a column that asks for a tick."""


def folded(text: str) -> str:
    """A word as it is compared: without case and doubled spaces."""
    return " ".join(text.split()).casefold()


def _codes(words: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Word → code; a code stands for itself."""
    return {folded(text): code for code, texts in words for text in (code, *texts)}


def choices(indicator: Indicator) -> tuple[tuple[str, str], ...]:
    """The answers to choose from: code and word in the language of the page."""
    if indicator.kind == Indicator.Kind.YES_NO:
        return ((YES, _("Yes")), (NO, _("No")))
    return tuple((option.code, str(option.label)) for option in indicator.options.all())


def choice_codes(indicator: Indicator) -> Mapping[str, str]:
    """Word in any language → code of the answer."""
    if indicator.kind == Indicator.Kind.YES_NO:
        return yes_no_codes()
    return _codes(
        (option.code, (local.text for local in option.label)) for option in indicator.options.all()
    )


def yes_no_codes() -> Mapping[str, str]:
    """Yes and no in any language → code."""
    yes, no = gettext_lazy("Yes"), gettext_lazy("No")
    return _codes(((YES, (*all_languages(yes), *TICKS)), (NO, (*all_languages(no), *BLANKS))))


def cause_codes() -> Mapping[str, str]:
    """A cause of variance in any language → code."""
    return _codes((cause.value, all_languages(cause.label)) for cause in Figure.Cause)


def code_of(text: str, codes: Mapping[str, str]) -> str:
    """The code that a word stands for; the word itself if it stands for none."""
    return codes.get(folded(text), text.strip())
