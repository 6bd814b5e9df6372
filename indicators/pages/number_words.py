"""Numbers in sentences: zero to nine in words, figures from ten on (United Nations style)."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit import formats

WORDS = (
    _("zero"), _("one"), _("two"), _("three"), _("four"),
    _("five"), _("six"), _("seven"), _("eight"), _("nine"),
)  # fmt: skip


def in_words(number: int) -> str:
    """Seven, and 12."""
    if 0 <= number < len(WORDS):
        return str(WORDS[number])
    return formats.figure(Decimal(number), 0, get_language() or "en")


def begin(sentence: str) -> str:
    """A sentence with a capital letter at its start; the rest is left as it is."""
    return sentence[:1].upper() + sentence[1:]
