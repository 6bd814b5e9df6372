"""Reminding offices by hand, and what is said afterwards."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.models import Period
from indicators.pages.number_words import begin, in_words
from indicators.services import reminders
from indicators.services.reminders import Reminded
from organization.models import Office, User


def _names(offices: Collection[Office]) -> str:
    return "; ".join(str(office.name) for office in offices)


def reminded_words(done: Reminded) -> str:
    """Who was reminded, who had been today, and where nobody is there to be told."""
    sentences = []
    if done.told:
        sentence = ngettext(
            "%(number)s office is reminded: %(offices)s.",
            "%(number)s offices are reminded: %(offices)s.",
            len(done.told),
        )
        named = {"number": in_words(len(done.told)), "offices": _names(done.told)}
        sentences.append(begin(sentence % named))
    if done.earlier:
        sentences.append(
            _("Reminded today already, so not again: %(offices)s.")
            % {"offices": _names(done.earlier)}
        )
    if done.nobody:
        sentences.append(
            _("Nobody enters figures for %(offices)s. Ask an administrator to give the role.")
            % {"offices": _names(done.nobody)}
        )
    return " ".join(sentences) or _("No office is late, so nobody was reminded.")


def remind_late(
    asked: Sequence[str], *, by: User, at: datetime, period: Period | None = None
) -> str:
    """Reminds the late offices named as on their buttons (`ROAP/2017`, or `all`); says what it did.

    With a period, `all` are those of that year.
    """
    named = {(office, year) for office, _slash, year in (key.partition("/") for key in asked)}
    done = reminders.remind_late(
        offices=None if "all" in asked else named, period=period, by=by, at=at
    )
    return reminded_words(done)
