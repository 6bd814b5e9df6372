"""Questions on figures: the list of open ones, and everything said about one figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Indicator, Remark, Submission
from indicators.pages.number_words import begin, in_words
from indicators.permissions import may_approve, may_enter
from indicators.queries.history import is_illustrative
from indicators.queries.remarks import Thread, queries_for, threads_on
from indicators.rules import workflow
from indicators.services import remarks
from organization.models import Office, Role, User
from organization.permissions import holds


@dataclass(frozen=True)
class Voice:
    """What a person may say about the figures of an office."""

    officer: bool
    of_office: bool

    @property
    def answers(self) -> bool:
        """True for quality assurance and for those who work on the office's figures."""
        return self.officer or self.of_office


def voice(user: User, office: Office) -> Voice:
    """What the page offers; the services ask again."""
    return Voice(
        officer=holds(user, Role.QUALITY_ASSURANCE),
        of_office=may_enter(user, office) or may_approve(user, office),
    )


def _heading(threads: Sequence[Thread]) -> str:
    if not threads:
        return _("No question is open")
    return begin(
        ngettext("%(number)s question is open", "%(number)s questions are open", len(threads))
        % {"number": in_words(len(threads))}
    )


def queries_context(user: User, *, settled: bool) -> dict[str, Any]:
    """Everything the list of questions shows."""
    threads = queries_for(user, settled=settled)
    return {
        "threads": threads,
        "settled": settled,
        "heading": _("Settled questions") if settled else _heading(threads),
        "illustrative": any(thread.remark.indicator.illustrative for thread in threads),
    }


def figure_queries_context(
    user: User,
    office: Office,
    period: Period,
    indicator: Indicator,
    *,
    typed: str = "",
    about: int | None = None,
    refused: str = "",
) -> dict[str, Any]:
    """Everything the page of what is said about one figure shows.

    `typed` could not be sent, as an answer to the remark `about`, or as a question if that is None.
    """
    submission = Submission.objects.filter(office=office, period=period).first()
    counts = submission is not None and workflow.counts(workflow.State(submission.state))
    said = voice(user, office)
    return {
        "office": office,
        "period": period,
        "indicator": indicator,
        "submission": submission,
        "threads": threads_on(office=office, period=period, indicator=indicator),
        "voice": said,
        "may_ask": said.officer or (said.of_office and counts),
        "may_correct": said.officer and counts,
        "typed": typed,
        "about": about,
        "refused": refused,
        "illustrative": is_illustrative(office=office, period=period, indicator=indicator),
    }


def speak(
    form: QueryDict,
    office: Office,
    period: Period,
    indicator: Indicator,
    *,
    by: User,
    at: datetime,
) -> tuple[str, dict[str, Any]]:
    """Asks, answers or settles; the sentence that confirms it, or what was typed and refused."""
    typed, number = form.get("text", ""), form.get("remark", "")
    threads = threads_on(office=office, period=period, indicator=indicator)
    about = next((t.remark for t in threads if str(t.remark.pk) == number), None)
    try:
        sentence = _spoken(form, office, period, indicator, about, by=by, at=at)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        key = about.pk if about is not None and about.settled_at is None else None
        return "", {"typed": typed, "about": key, "refused": str(broken.message)}
    return sentence, {}


def _spoken(
    form: QueryDict,
    office: Office,
    period: Period,
    indicator: Indicator,
    about: Remark | None,
    *,
    by: User,
    at: datetime,
) -> str:
    asked, text = form.get("do"), form.get("text", "")
    if asked == "ask":
        remarks.ask(indicator=indicator, office=office, period=period, text=text, by=by, at=at)
        return _("Your question is sent.")
    if about is None:
        raise RuleBroken("unknown_remark", _("Choose the question that you mean."))
    if asked == "settle":
        if text.strip():
            remarks.answer(remark=about, text=text, by=by, at=at)
        remarks.settle(remark=about, by=by, at=at)
        return _("The question is settled.")
    remarks.answer(remark=about, text=text, by=by, at=at)
    return _("Your answer is sent.")
