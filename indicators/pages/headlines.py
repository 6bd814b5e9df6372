"""Headings that state a result: composed from ratings, with a plain one where nothing is rated."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.models import Period, Result
from indicators.pages.number_words import begin, in_words
from indicators.rules.ratings import Status

WHERE_THEY_SHOULD_BE = (Status.ACHIEVED, Status.ON_TRACK)
BEHIND = (Status.OFF_TRACK, Status.NO_PROGRESS)


def _first(good: int, whole: int, level: str) -> str:
    numbers = {"number": in_words(good), "all": in_words(whole)}
    if level == Result.Level.FOCUS_AREA:
        if not good:
            return _("none of %(all)s focus areas is where it should be") % numbers
        return (
            ngettext(
                "%(number)s of %(all)s focus areas is where it should be",
                "%(number)s of %(all)s focus areas are where they should be",
                good,
            )
            % numbers
        )
    if not good:
        return _("none of %(all)s indicators is where it should be") % numbers
    return (
        ngettext(
            "%(number)s of %(all)s indicators is where it should be",
            "%(number)s of %(all)s indicators are where they should be",
            good,
        )
        % numbers
    )


def standing_heading(statuses: Sequence[Status], level: str, period: Period | str) -> str:
    """How many are where they should be and how many are behind, in one sentence.

    Those not rated are counted in the whole. Where none is rated it only says when: "Standing at
    the end of 2017".
    """
    found = Counter(statuses)
    good = sum(found[status] for status in WHERE_THEY_SHOULD_BE)
    behind = sum(found[status] for status in BEHIND)
    if not good and not behind:
        return _("Standing at the end of %(period)s") % {"period": period}
    first = _first(good, len(statuses), level)
    if not behind:
        return begin(first)
    second = ngettext("%(number)s is behind", "%(number)s are behind", behind) % {
        "number": in_words(behind)
    }
    return begin(_("%(first)s; %(second)s") % {"first": first, "second": second})
