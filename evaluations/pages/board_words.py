"""Sentences of the recommendation board, composed from what was counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from evaluations.models import Evaluation
from evaluations.queries.board_asked import STATES, Asked, Board, Group
from evaluations.queries.board_choices import Choices
from evaluations.rules.ageing import Rate
from evaluations.rules.follow_up import Standing
from evaluations.rules.tallies import LATE, OLDEST, OPEN, Tally, number, rate
from evaluations.standing_words import STANDINGS
from habitat_plan.kit import formats
from indicators.pages.number_words import begin, in_words

CLAUSES = {
    "open": lazy("Open"),
    "late": lazy("Late"),
    "over_year": lazy("Late by more than a year"),
    "closed": lazy("Closed"),
    "all": lazy("All"),
}
STATE_WORDS: Mapping[str, str | Promise] = {
    state: CLAUSES.get(state) or STANDINGS[state] for state in STATES
}
"""What the list is narrowed to, in words."""
LISTS: Mapping[str, str | Promise] = {
    "open": lazy("Open recommendations, longest late first"),
    "late": lazy("Late recommendations, longest late first"),
    "over_year": lazy("Late by more than a year, longest late first"),
    "closed": lazy("Closed recommendations, the latest first"),
    "all": lazy("All recommendations, longest late first"),
}


def list_heading(state: str) -> str:
    """What stands over the list."""
    if state in LISTS:
        return str(LISTS[state])
    return _("Recommendations: %(state)s") % {"state": STANDINGS[state]}


def heading(counts: Tally) -> str:
    """How many are open, how many of them late: the answer of the board in one sentence."""
    are_open = number(counts, OPEN)
    if not counts:
        return found_heading(0)
    if not are_open:
        return _("No recommendation is open")
    late, oldest = number(counts, OPEN, LATE), number(counts, OPEN, {OLDEST})
    said: dict[str, Any] = {
        "open": ngettext(
            "one recommendation is open", "%(number)s recommendations are open", are_open
        )
        % {"number": in_words(are_open)}
    }
    if not late:
        return begin(_("%(open)s; none is late") % said)
    said["late"] = ngettext("one is late", "%(number)s are late", late) % {
        "number": in_words(late)
    }
    if not oldest:
        return begin(_("%(open)s; %(late)s") % said)
    said["number"] = in_words(oldest)
    return begin(_("%(open)s; %(late)s, %(number)s by more than a year") % said)


def found_heading(found: int) -> str:
    """How many a search found."""
    if not found:
        return _("No recommendation fits")
    text = ngettext("one recommendation fits", "%(number)s recommendations fit", found)
    return begin(text % {"number": in_words(found)})


def management_heading(groups: Sequence[Group], day: date) -> str:
    """How many offices are late, and by how much the latest is."""
    late = [group for group in groups if group.late]
    if not late:
        return _("No office is late with a recommendation")
    days = max((day - group.first_due_on).days for group in late if group.first_due_on)
    offices = ngettext(
        "%(number)s office is late with recommendations",
        "%(number)s offices are late with recommendations",
        len(late),
    ) % {"number": in_words(len(late))}
    longest = ngettext("the longest by %(days)s day", "the longest by %(days)s days", days)
    said = {"offices": offices, "longest": longest % {"days": figure(days)}}
    return begin(_("%(offices)s, %(longest)s") % said)


def committee_heading(counts: Tally) -> str:
    """How much of what was accepted is implemented."""
    found = rate(counts)
    if not found.counted:
        return heading(counts)
    return begin(
        ngettext(
            "%(number)s of %(all)s accepted recommendations is implemented",
            "%(number)s of %(all)s accepted recommendations are implemented",
            found.implemented,
        )
        % {"number": in_words(found.implemented), "all": in_words(found.counted)}
    )


def figure(value: int) -> str:
    """A whole number as the language writes it."""
    return formats.figure(value, 0, get_language() or "en")


def per_cent(found: Rate) -> str:
    """The rate in per cent; empty where there is none."""
    if found.share is None:
        return ""
    hundredfold = found.share * 100
    rounded = (2 * hundredfold.numerator + hundredfold.denominator) // (2 * hundredfold.denominator)
    return formats.per_cent(rounded, 0, get_language() or "en")


def rate_sentence(found: Rate) -> str:
    """The implementation rate in words, with what it leaves out."""
    if not found.counted:
        return _("Nothing was accepted yet, so there is no implementation rate.")
    said = {
        "implemented": figure(found.implemented),
        "counted": figure(found.counted),
        "share": per_cent(found),
    }
    text = (
        ngettext(
            "Implementation rate: %(implemented)s implemented of %(counted)s accepted or partly "
            "accepted, %(share)s.",
            "Implementation rate: %(implemented)s implemented of %(counted)s accepted or partly "
            "accepted, %(share)s.",
            found.counted,
        )
        % said
    )
    if not found.overtaken:
        return text
    left_out = ngettext(
        "One more was overtaken by events and is in neither number.",
        "%(number)s more were overtaken by events and are in neither number.",
        found.overtaken,
    ) % {"number": begin(in_words(found.overtaken))}
    return f"{text} {left_out}"


def deck(found: Board, asked: Asked, offered: Choices) -> list[str]:
    """What is counted, of which day, and what "closed" means, a sentence each."""
    said = {"evaluations": figure(found.spread.evaluations), "year": found.spread.since}
    said["day"] = formats.day(found.day, get_language() or "en")
    if found.spread.since:
        first = ngettext(
            "From %(evaluations)s evaluation since %(year)s, on %(day)s.",
            "From %(evaluations)s evaluations since %(year)s, on %(day)s.",
            found.spread.evaluations,
        )
    else:
        first = _("On %(day)s.")
    narrowed = narrowed_to(asked, offered)
    closed = _(
        "A recommendation is closed when the Evaluation Unit has verified it, not when its owner "
        "says so."
    )
    return [first % said, *([narrowed] if narrowed else []), closed]


def narrowed_to(asked: Asked, offered: Choices) -> str:
    """What the counts are narrowed to; empty if to nothing."""
    parts = []
    office = next((one for one in offered.offices.values() if one.code == asked.office), None)
    evaluation = next((one for one in offered.evaluations if one.code == asked.evaluation), None)
    if asked.office:
        parts.append(str(office.name) if office else asked.office)
    if asked.evaluation:
        parts.append(number_of(evaluation) if evaluation else asked.evaluation)
    if asked.year:
        parts.append(str(asked.year))
    if asked.words:
        parts.append("“" + " ".join(asked.words) + "”")
    return _("Only: %(what)s.") % {"what": "; ".join(parts)} if parts else ""


def number_of(evaluation: Evaluation) -> str:
    """How an evaluation is quoted in a list: its number, or its code before it has one."""
    return evaluation.number or evaluation.code


def state_words(standing: str, closed_on: date | None) -> str:
    """Where one recommendation is, with the day on which it was closed."""
    if standing == Standing.IMPLEMENTED and closed_on:
        return _("Closed, verified by the Evaluation Unit on %(day)s") % {
            "day": formats.day(closed_on, get_language() or "en")
        }
    if standing == Standing.OVERTAKEN and closed_on:
        return _("Overtaken by events, closed on %(day)s") % {
            "day": formats.day(closed_on, get_language() or "en")
        }
    return str(STANDINGS[standing])
