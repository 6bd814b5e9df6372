"""What each row of a list would do: new, unchanged, or refused with what to do about it.

A recommendation may take several rows, one an action. Rows are held against what is stored and
against the rows above. Nothing is written here, so a list can be judged as often as it is looked
at.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from evaluations.models import Action, Answer
from evaluations.permissions import offices_of
from evaluations.queries.imports import Known, Stored, known
from evaluations.rules.follow_up import CLOSED, Phase
from evaluations.rules.texts import folded
from evaluations.services.list_typed import Row, Typist, evaluation_name
from evaluations.services.recommendations import begun_on, require_findings
from evaluations.services.told import Told, ToldAction, ToldAnswer, steps_to
from evaluations.services.wordings import with_text
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import Wording
from organization.models import Office, User

NEW, UNCHANGED, REFUSED = "new", "unchanged", "refused"
STATES = (NEW, UNCHANGED, REFUSED)


@dataclass(frozen=True)
class Judged:
    """What becomes of a row. `column` is the key of the column that a refusal is about."""

    row: int
    state: str
    label: str
    title: str
    sentence: str = ""
    column: str = ""


@dataclass(frozen=True)
class Judgement:
    """What becomes of all rows, and what is recorded if they are saved."""

    rows: tuple[Judged, ...]
    told: tuple[Told, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, unchanged and refused."""
        counted = Counter(one.state for one in self.rows)
        return {state: counted[state] for state in STATES}

    @property
    def fingerprint(self) -> str:
        """Two judgements with the same fingerprint do the same, in whichever language they say."""
        content = [(one.row, one.state, one.column) for one in self.rows]
        done = [
            (one.evaluation.pk, one.number, one.known is None, bool(one.answer), len(one.actions))
            for one in self.told
        ]
        return hashlib.sha256(json.dumps([content, done]).encode()).hexdigest()


@dataclass
class Draft:
    """A recommendation as far as the rows so far say it."""

    text: Wording
    office: Office
    priority: str
    stored: Stored | None = None
    answer: ToldAnswer | None = None
    actions: list[ToldAction] = field(default_factory=list)

    @property
    def decision(self) -> str:
        """Management's decision, as stored or as told; empty while there is none."""
        if self.stored and self.stored.answer:
            return str(self.stored.answer.decision)
        return self.answer.decision if self.answer else ""

    @property
    def answered_on(self) -> date | None:
        """The day of the answer in force."""
        if self.stored and self.stored.answer:
            return self.stored.answer.on
        return self.answer.on if self.answer else None

    @property
    def says_something(self) -> bool:
        """True if there is anything to record."""
        return self.stored is None or self.answer is not None or bool(self.actions)


def judge(lines: Sequence[Mapping[str, Any]], *, language: str, by: User, on: date) -> Judgement:
    """What the rows would do if they were saved by this person on this day."""
    called = {evaluation_name(one["texts"].get("evaluation", "")) for one in lines}
    judging = _Judging(known(called, on=on), language, by)
    rows = tuple(judging.judged(line) for line in lines)
    return Judgement(rows, tuple(judging.told()))


class _Judging:
    """Goes through the rows from above and keeps what they say of each recommendation."""

    def __init__(self, there_is: Known, language: str, by: User) -> None:
        self.there_is, self.language, self.by = there_is, language, by
        self.typist = Typist(there_is)
        self.own_offices = offices_of(by)
        self.drafts: dict[tuple[int, int], Draft] = {}
        self.rows: dict[tuple[int, int], Row] = {}

    def judged(self, line: Mapping[str, Any]) -> Judged:
        """What becomes of one row; a refused one leaves no trace in the rows below."""
        texts = line["texts"]
        label = ", ".join(texts[key] for key in ("evaluation", "number") if key in texts)
        shown = (line["row"], label[:100], texts.get("text", "")[:200])
        number, label, title = shown
        if "wrong" in line:
            return Judged(number, REFUSED, label, title, line["sentence"], line["wrong"])
        try:
            row = self.typist.row(texts)
            is_new = self._take(row)
        except RuleBroken as broken:
            column = broken.field or "evaluation"
            return Judged(number, REFUSED, label, title, str(broken.message), column)
        return Judged(number, NEW if is_new else UNCHANGED, label, title)

    def told(self) -> list[Told]:
        """What is to be recorded."""
        return [
            Told(
                evaluation=self.rows[key].evaluation,
                number=self.rows[key].number,
                text=draft.text,
                office=draft.office,
                priority=draft.priority,
                illustrative=self.rows[key].evaluation.illustrative,
                answer=draft.answer,
                actions=tuple(draft.actions),
                known=draft.stored.row if draft.stored else None,
            )
            for key, draft in self.drafts.items()
            if draft.says_something
        ]

    def _take(self, row: Row) -> bool:
        """Takes a row in; True if it brings something new. Raises RuleBroken."""
        require_findings(row.evaluation)
        draft = self.drafts.get(row.key)
        is_new = draft is None and row.key not in self.there_is.recommendations
        if draft is None:
            draft = self._draft(row)
        self._check_same(draft, row)
        answer = self._answer(draft, row)
        decision = answer.decision if answer else draft.decision
        answered_on = answer.on if answer else draft.answered_on
        action = self._action(draft, row, decision, answered_on)
        self.drafts[row.key] = draft
        self.rows.setdefault(row.key, row)
        if answer:
            draft.answer = answer
        if action:
            draft.actions.append(action)
        return is_new or answer is not None or action is not None

    def _draft(self, row: Row) -> Draft:
        stored = self.there_is.recommendations.get(row.key)
        if stored is not None:
            return Draft(stored.row.text, stored.row.office, stored.row.priority, stored)
        if not row.text:
            raise RuleBroken("text_needed", _("Write the recommendation."), "text")
        if row.office is None:
            raise RuleBroken(
                "office_needed", _("Name the office that it is put to, by code or name."), "office"
            )
        return Draft(with_text(None, self.language, row.text), row.office, row.priority)

    def _check_same(self, draft: Draft, row: Row) -> None:
        """Raises RuleBroken if the row says otherwise what is known of the recommendation."""
        if row.text and not self._says(draft.text, row.text):
            raise _other("text")
        if row.office is not None and row.office != draft.office:
            raise _other("office")
        if row.priority and row.priority != draft.priority:
            raise _other("priority")

    def _says(self, wording: Wording, text: str) -> bool:
        """True if the wording says this, or says nothing in the language of the list."""
        local = wording.texts.get(self.language)
        return local is None or folded(local.text) == folded(text)

    def _answer(self, draft: Draft, row: Row) -> ToldAnswer | None:
        """The answer that the row brings; None if it brings none or the one that is known."""
        if not row.decision:
            if row.answered_on is not None:
                raise RuleBroken(
                    "response_needed",
                    _("Give the response that was given on that day."),
                    "response",
                )
            return None
        if row.decision != Answer.Decision.ACCEPTED and not row.reason:
            raise RuleBroken(
                "reason_needed",
                _("Say why it is rejected, or which part is not accepted."),
                "reason",
            )
        if draft.decision:
            self._check_answered(draft, row)
            return None
        reason = with_text(None, self.language, row.why_not)
        return ToldAnswer(row.decision, self._answered_on(row), reason=reason)

    def _check_answered(self, draft: Draft, row: Row) -> None:
        if row.decision != draft.decision:
            raise _other("response")
        said = draft.answer or (draft.stored.answer if draft.stored else None)
        if said is not None and row.why_not and not self._says(said.reason, row.why_not):
            raise _other("reason")
        if row.answered_on is not None and row.answered_on != draft.answered_on:
            raise _other("answered_on")

    def _answered_on(self, row: Row) -> date:
        """The day of the answer; if none is given, that of the report, else the last it can be."""
        begun = begun_on(row.evaluation)
        last = row.closed_on or self.there_is.day
        found = row.answered_on or row.evaluation.published_on or row.evaluation.completed_on
        if row.answered_on is None and (found is None or found > last):
            found = last
        if found is not None and begun is not None and found < begun:
            raise _too_early("answered_on" if row.answered_on else "closed_on")
        return found or last

    def _action(
        self, draft: Draft, row: Row, decision: str, answered_on: date | None
    ) -> ToldAction | None:
        """The action that the row brings; None if it brings none or one that is known."""
        if not row.action:
            for key in ("action_office", "due_on", "state", "closed_on"):
                if getattr(row, key) is not None:
                    raise RuleBroken("action_needed", _("Write what is to be done."), "action")
            return None
        if not decision or decision == Answer.Decision.REJECTED or answered_on is None:
            raise RuleBroken(
                "not_accepted",
                _("Actions are planned for what is accepted. Give the response that says so."),
                "response",
            )
        office = row.action_office or draft.office
        state = row.state or self.there_is.main[Phase.NOT_STARTED]
        if self._is_known(draft, row, office):
            return None
        self._check_closing(row, state.phase, answered_on, office)
        return ToldAction(
            text=with_text(None, self.language, row.action),
            office=office,
            planned_on=answered_on,
            due_on=row.due_on,
            steps=steps_to(
                state,
                main=dict(self.there_is.main),
                on=row.closed_on or self.there_is.day,
                text=_("Recorded from a list."),
                reason=row.reason if state.phase == Phase.OVERTAKEN else "",
                by=self.by,
            ),
        )

    def _is_known(self, draft: Draft, row: Row, office: Office) -> bool:
        """True for an action that is stored as the row tells it.

        Raises RuleBroken if it is stored otherwise, or stands in a row above.
        """
        for told in draft.actions:
            if told.office == office and self._says(told.text, row.action):
                raise RuleBroken(
                    "action_twice",
                    _("This action stands in a row above already. Take one of the two out."),
                    "action",
                )
        for one in draft.stored.actions if draft.stored else ():
            if one.office_id == office.pk and self._says(one.text, row.action):
                _check_action(one, row)
                return True
        return False

    def _check_closing(self, row: Row, phase: str, answered_on: date, office: Office) -> None:
        """A closed action has a day and, if events closed it, a reason; no other has a day."""
        is_closed = phase in CLOSED
        if is_closed and row.closed_on is None:
            raise RuleBroken("day_needed", _("Give the day on which it was closed."), "closed_on")
        if not is_closed and row.closed_on is not None:
            raise RuleBroken(
                "not_closed",
                _("A day of closing needs the state implemented or overtaken by events."),
                "state",
            )
        if row.closed_on is not None and row.closed_on < answered_on:
            raise _too_early("closed_on")
        if phase == Phase.OVERTAKEN and not row.reason:
            raise RuleBroken("reason_needed", _("Say which events made it pointless."), "reason")
        if is_closed and office.pk in self.own_offices:
            raise RuleBroken(
                "own_action",
                _("You own this action, so another evaluation officer records that it is closed."),
                "state",
            )


def _check_action(one: Action, row: Row) -> None:
    if row.state is not None and row.state.phase != one.state.phase:
        raise RuleBroken(
            "action_known",
            _("This action is there already, in the state “%(state)s”. Report on it on its page.")
            % {"state": one.state.name},
            "state",
        )
    if row.due_on is not None and row.due_on not in {one.due_on, one.agreed_due_on}:
        raise RuleBroken(
            "action_known",
            _("This action is there already and due on another day. Move the day on its page."),
            "due_on",
        )


def _other(column: str) -> RuleBroken:
    """The refusal of a row that contradicts what is stored, or a row above."""
    sentences = {
        "text": _(
            "The recommendation with this number says something else. Correct one of the two."
        ),
        "office": _("This recommendation is put to another office. Correct one of the two."),
        "priority": _("This recommendation has another priority. Correct one of the two."),
        "response": _("Management answered this recommendation otherwise. Correct one of the two."),
        "reason": _("Management gave another reason. Correct one of the two."),
        "answered_on": _("Management answered on another day. Correct one of the two."),
    }
    return RuleBroken("says_otherwise", sentences[column], column)


def _too_early(column: str) -> RuleBroken:
    return RuleBroken(
        "day_too_early",
        _("This day lies before what it follows: evaluation, then response, then closing."),
        column,
    )
