"""Is one office behind its own target of the year, and did it say why?

Performance is monitored so that guidance can be given (plan p.94), and progress reports share what
was learned (p.87). So an office that is behind chooses a cause from the list and says what happened
and what is done about it; these sentences go into the report. The rating of the whole result is in
`ratings`.
"""

from decimal import Decimal

from indicators.rules.exact import difference, product, quotient
from indicators.rules.kinds import Direction
from indicators.rules.ratings import Scale, Status

BEHIND = frozenset({Status.OFF_TRACK, Status.NO_PROGRESS})
WORDS_NEEDED = 3
CHARACTERS_TO_A_WORD = 2
"""About so many characters make a word where words are written without spaces."""


def status_of(
    value: Decimal | None, target: Decimal | None, *, direction: Direction, scale: Scale
) -> Status:
    """Where an office's figure of a year stands beside its own target for that year.

    There is no baseline for an office, so the measure is the share of the target reached: value
    over target, or target over value where lower is better. Both are as targets state them, a ratio
    in per cent. A level to maintain is held within the scale's tolerance. Against a target of zero
    or below there is no share: it is reached or it is not. Not rated without value or target.
    """
    if value is None or target is None:
        return Status.NOT_RATED
    if direction is Direction.MAINTAIN:
        limit = difference(target, product(target.copy_abs(), scale.tolerance))
        return Status.ACHIEVED if value >= limit else Status.OFF_TRACK
    upward = direction is Direction.UP
    if value >= target if upward else value <= target:
        return Status.ACHIEVED
    if target <= 0:
        return Status.OFF_TRACK
    share = quotient(value, target) if upward else quotient(target, value)
    if share >= scale.on_track_from:
        return Status.ON_TRACK
    return Status.NO_PROGRESS if share < scale.no_progress_below else Status.OFF_TRACK


def missing_words(cause: str, explanation: str, measures: str) -> tuple[str, ...]:
    """What an explanation still lacks, of `cause`, `explanation` and `measures`."""
    lacking = () if cause else ("cause",)
    texts = {"explanation": explanation, "measures": measures}
    return (*lacking, *(name for name, text in texts.items() if not is_sentence(text)))


def is_sentence(text: str) -> bool:
    """Whether a text says something: three words, or as much in a script without spaces."""
    return sum(_words(piece) for piece in text.split()) >= WORDS_NEEDED


def _words(piece: str) -> int:
    """How many words stand between two spaces; punctuation alone is none."""
    letters = [character for character in piece if character.isalnum()]
    unspaced = sum(map(_is_unspaced, letters))
    spaced = 1 if len(letters) > unspaced else 0
    return spaced + unspaced // CHARACTERS_TO_A_WORD


def _is_unspaced(character: str) -> bool:
    return "\u3040" <= character <= "\u9fff"
