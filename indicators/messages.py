"""The sentences for the codes that the rules return. Words only: nothing is decided here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit import formats
from indicators.models import Submission
from indicators.rules.checks import Check, needs_sentence
from indicators.rules.locks import Lock
from indicators.rules.numbers import NotANumber
from indicators.rules.workflow import NotPossible

LOCK_REASONS = {
    "period_not_opened": gettext_lazy("%(period)s has not been opened for entry."),
    "period_closed": gettext_lazy("%(period)s was closed by %(who)s on %(since)s."),
    "exception_ended": gettext_lazy("The exception for %(period)s ended on %(since)s."),
    "waits_for_approval": gettext_lazy(
        "These figures were submitted by %(who)s on %(since)s and wait for approval."
    ),
    "figures_approved": gettext_lazy("These figures were approved by %(who)s on %(since)s."),
    "figures_verified": gettext_lazy("These figures were verified by %(who)s on %(since)s."),
}
LOCK_REMEDIES = {
    "ask_to_open": gettext_lazy("Ask the Quality Assurance Unit to open it."),
    "ask_for_exception": gettext_lazy(
        "Ask the Quality Assurance Unit for an exception, and say why you need it."
    ),
    "withdraw": gettext_lazy("Whoever submitted them may withdraw them."),
    "ask_for_correction": gettext_lazy("Ask for a correction, with the reason."),
}
REFUSALS = {
    "wrong_state": gettext_lazy(
        "This submission is %(state)s, so this cannot be done with it now. Load the page again."
    ),
    "note_missing": gettext_lazy("Say in a note what the office should change."),
    "own_submission": gettext_lazy(
        "You submitted this yourself. Another approver of the office decides on it."
    ),
    "not_the_submitter": gettext_lazy("Only %(submitter)s, who submitted it, may withdraw it."),
    "own_approval": gettext_lazy("You approved this yourself. Another person verifies it."),
    "open_queries": gettext_lazy(
        "A question about a figure of this submission is still open. Settle it, then verify."
    ),
    "person_unknown": gettext_lazy(
        "It is not on record who submitted this. Return it, so that it is submitted again."
    ),
}
NUMBERS = {
    "empty": gettext_lazy("Write a number. Zero counts as a value."),
    "not_a_number": gettext_lazy(
        "“%(text)s” is not a number. Write figures only, such as %(example)s. "
        "Put words in the explanation."
    ),
    "ambiguous": gettext_lazy("“%(text)s” can be read in two ways. Write %(readings)s."),
    "qualifier": gettext_lazy(
        "“%(text)s” gives only a bound. Write the number itself, and the bound in the explanation."
    ),
    "not_applicable_word": gettext_lazy(
        "To say that the figure does not apply, mark “not applicable” and give the reason."
    ),
    "no_value_word": gettext_lazy(
        "“%(text)s” is not a number. Leave the field empty, or write 0 if it is zero."
    ),
    "percent_sign": gettext_lazy("Write the number without the per cent sign."),
    "too_long": gettext_lazy("At most 15 digits can be kept. Write a shorter number."),
    "too_fine": gettext_lazy("At most four decimals can be kept. Round the number."),
}
CHECKS = {
    "negative": gettext_lazy("%(number)s is below zero. A count cannot be negative; correct it."),
    "numerator_above_denominator": gettext_lazy(
        "%(numerator)s is more than the %(denominator)s it is a part of. Correct one of the two."
    ),
    "no_reason": gettext_lazy("Say in a sentence why the figure does not apply."),
    "below_last_total": gettext_lazy(
        "The running total went down: it stood at %(last)s at the end of %(year)s. "
        "If something was counted twice before, say so."
    ),
    "above_twice_target": gettext_lazy(
        "%(number)s is more than twice the target of %(target)s. Say why."
    ),
    "parts_above_total": gettext_lazy(
        "The parts add up to %(parts)s, more than the %(number)s they are part of. Say why."
    ),
    "same_three_times": gettext_lazy(
        "%(number)s is the same value three years in a row. Say why, or correct it."
    ),
    "no_evidence": gettext_lazy(
        "No evidence is given. Add a link or note, or say why there is none."
    ),
    "off_track_unexplained": gettext_lazy(
        "This is behind the target of the year. Choose a cause, and say in a sentence each what "
        "happened and what is done about it."
    ),
}


def shown(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a sentence with numbers in the reader's language."""
    language = get_language() or "en"
    return {
        name: formats.figure(value, _decimals(value), language)
        if isinstance(value, Decimal)
        else value
        for name, value in params.items()
    }


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(4, max(0, -exponent)) if isinstance(exponent, int) else 0


def lock(found: Lock, period: Period) -> str:
    """Who locked it, since when, why, and what to do: two sentences."""
    since = formats.day(found.since, get_language() or "en") if found.since else ""
    why = str(LOCK_REASONS[found.why]) % {"period": period, "who": found.who, "since": since}
    return f"{why} {LOCK_REMEDIES[found.remedy]}"


def refusal(found: NotPossible, submission: Submission) -> str:
    """Why a step of the workflow is refused."""
    return str(REFUSALS[found.code]) % {
        "state": submission.get_state_display(),
        "submitter": submission.submitted_by or _("somebody else"),
    }


def number(found: NotANumber) -> str:
    """What is wrong with a typed number, and what would be right."""
    language = get_language() or "en"
    params = {"example": formats.figure(Decimal("12.5"), 1, language), "readings": ""}
    params |= shown(found.params)
    if isinstance(readings := found.params.get("readings"), (tuple, list)):
        params["readings"] = _(" or ").join(
            formats.figure(reading, _decimals(reading), language) for reading in readings
        )
    return str(NUMBERS[found.code]) % params


def check(found: Check, answer: str = "") -> str:
    """A finding about an entry, as a sentence; a second one if its answer is too short."""
    sentence = str(CHECKS[found.code]) % shown(found.params)
    if needs_sentence(found, answer):
        return f"{sentence} {_('The answer needs at least three words.')}"
    return sentence
