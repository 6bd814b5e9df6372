"""Words that a reader asks for, as a condition on what is searched of rows."""

import re
from collections.abc import Iterable

from django.db.models import Q

NUMBER = re.compile(r"(\d{1,4})/(\d{4})", re.ASCII)


def holding(words: Iterable[str], *, prefix: str = "", evaluation: str = "") -> Q:
    """Rows whose searched text holds every word; `words` are folded (`rules.texts.words_of`).

    A word that looks like the number of a report (`2/2017`) finds what belongs to it as well.
    `prefix` leads from the table to what is searched, `evaluation` from there to the evaluation.
    """
    wanted = Q()
    for word in words:
        found = Q(**{f"{prefix}searched__contains": word})
        if number := NUMBER.fullmatch(word):
            of = {
                f"{prefix}{evaluation}report_number": int(number[1]),
                f"{prefix}{evaluation}report_year": int(number[2]),
            }
            found |= Q(**of)
        wanted &= found
    return wanted
