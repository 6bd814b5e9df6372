"""The cells of a list as what they mean: evaluations, offices, words from lists, days."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from evaluations.models import Answer, Evaluation, FollowUpState
from evaluations.queries.imports import Known
from evaluations.rules.texts import folded
from evaluations.services.list_columns import decision_codes, phase_codes, priority_codes
from evaluations.services.recommendations import HIGHEST
from evaluations.services.typed import written
from habitat_plan.kit.errors import RuleBroken
from organization.models import Office

NUMBERED = re.compile(r"(?<!\d)(\d{1,3})\s*/\s*(\d{4})(?!\d)")
MONTH = re.compile(r"(\d{4})-(\d{2})-01")
WHOLE = re.compile(r"0*[1-9]\d{0,3}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Row:
    """A row of the file with what its cells mean; empty or None where a cell is empty."""

    evaluation: Evaluation
    number: int
    text: str
    office: Office | None
    priority: str
    decision: str
    reason: str
    answered_on: date | None
    action: str
    action_office: Office | None
    due_on: date | None
    state: FollowUpState | None
    closed_on: date | None

    @property
    def key(self) -> tuple[int, int]:
        """The recommendation that the row is about."""
        return (self.evaluation.pk, self.number)

    @property
    def why_not(self) -> str:
        """Why it is rejected, or accepted only in part."""
        return "" if self.decision in {"", Answer.Decision.ACCEPTED} else self.reason


def evaluation_name(text: str) -> str:
    """What an evaluation is looked up by: `2/2017`, or its code.

    Spreadsheets make 1 February 2017 of a typed 2/2017; that is taken back.
    """
    if found := NUMBERED.search(text):
        return f"{int(found[1])}/{found[2]}"
    if found := MONTH.fullmatch(text.strip()):
        return f"{int(found[2])}/{found[1]}"
    return folded(text)


class Typist:
    """Reads rows in one language against what there is."""

    def __init__(self, there_is: Known) -> None:
        self.there_is = there_is
        self.priorities, self.decisions = priority_codes(), decision_codes()
        self.phases = phase_codes()

    def row(self, texts: Mapping[str, str]) -> Row:
        """The row. Raises RuleBroken whose field names the column.

        Codes: `evaluation_unknown`, `number_out_of_range`, `office_unknown`, `priority_unknown`,
        `response_unknown`, `state_unknown`, `not_a_day`, `day_in_future`, `text_too_long`,
        `text_damaged`.
        """
        return Row(
            evaluation=self._evaluation(texts.get("evaluation", "")),
            number=_number(texts.get("number", "")),
            text=written(texts.get("text", ""), "text"),
            office=self._office(texts, "office"),
            priority=_choice(texts, "priority", self.priorities),
            decision=_choice(texts, "response", self.decisions),
            reason=written(texts.get("reason", ""), "reason"),
            answered_on=self._past(texts, "answered_on"),
            action=written(texts.get("action", ""), "action"),
            action_office=self._office(texts, "action_office"),
            due_on=_day(texts, "due_on"),
            state=self._state(texts.get("state", "")),
            closed_on=self._past(texts, "closed_on"),
        )

    def _evaluation(self, text: str) -> Evaluation:
        found = self.there_is.evaluations.get(evaluation_name(text)) if text else None
        if found is None:
            raise RuleBroken(
                "evaluation_unknown",
                _(
                    "“%(text)s” is no evaluation of this site. Write the number of its report, "
                    "such as 2/2017, or its code."
                )
                % {"text": text[:100]},
                "evaluation",
            )
        return found

    def _office(self, texts: Mapping[str, str], key: str) -> Office | None:
        text = texts.get(key, "")
        found = self.there_is.offices.get(folded(text)) if text else None
        if text and found is None:
            raise RuleBroken(
                "office_unknown",
                _("“%(text)s” is no office, or not one alone. Write its code, such as ROAS.")
                % {"text": text[:100]},
                key,
            )
        return found

    def _state(self, text: str) -> FollowUpState | None:
        if not text:
            return None
        word = folded(text)
        found = self.there_is.states.get(word)
        if found is None and word in self.phases:
            found = self.there_is.main.get(self.phases[word])
        if found is None:
            states = {one.pk: str(one.name) for one in self.there_is.states.values()}
            raise RuleBroken(
                "state_unknown",
                _("“%(text)s” is no state. Use one of: %(words)s.")
                % {"text": text[:100], "words": "; ".join(states.values())},
                "state",
            )
        return found

    def _past(self, texts: Mapping[str, str], key: str) -> date | None:
        found = _day(texts, key)
        if found is not None and found > self.there_is.day:
            raise RuleBroken(
                "day_in_future",
                _("This day lies in the future. Give the day on which it happened."),
                key,
            )
        return found


def _number(text: str) -> int:
    if not (WHOLE.fullmatch(text.strip()) and text.isascii()):
        raise RuleBroken(
            "number_out_of_range",
            _("Write the number of the recommendation in its report: 1 to %(highest)s.")
            % {"highest": HIGHEST},
            "number",
        )
    return int(text)


def _choice(texts: Mapping[str, str], key: str, codes: Mapping[str, str]) -> str:
    text = texts.get(key, "")
    if not text:
        return ""
    found = codes.get(folded(text))
    if found is None:
        raise RuleBroken(
            f"{key}_unknown",
            _("“%(text)s” is not one of the words of this column. Use one of: %(words)s.")
            % {"text": text[:100], "words": ", ".join(dict.fromkeys(codes.values()))},
            key,
        )
    return found


def _day(texts: Mapping[str, str], key: str) -> date | None:
    text = texts.get(key, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else _no_day(key)
    except ValueError:
        return _no_day(key)


def _no_day(key: str) -> date:
    raise RuleBroken("not_a_day", _("Write the day as year-month-day, such as 2017-06-30."), key)
