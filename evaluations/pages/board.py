"""The recommendation board as its templates show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, FollowUp
from evaluations.pages import board_words as words
from evaluations.permissions import (
    Person,
    is_of_secretariat,
    may_evaluate,
    may_import,
    verifies,
)
from evaluations.queries.board import board, made_up_in, notes_of
from evaluations.queries.board_asked import Asked, Board, Group
from evaluations.queries.board_choices import Choices, choices, named_evaluations
from evaluations.queries.recommendations import Acted, Recommended
from evaluations.rules.ageing import Line
from evaluations.rules.follow_up import Phase, Standing
from evaluations.rules.tallies import NOT_DUE, OPEN, number, open_by_band, rate, responses
from evaluations.standing_words import BANDS, DECISIONS
from habitat_plan.kit.drawing import px
from habitat_plan.kit.wording import LocalText, Wording
from organization.models import Role
from organization.permissions import holds

LIST, MANAGEMENT, COMMITTEE = "list", "management", "committee"
SHOWN = 240
"""Characters of a recommendation in a list; its own page shows all of it."""
MOST_GROUPS = 25
"""Evaluations in the table of rates, the most late; a year or a spreadsheet shows the others."""
OPTION = 50
"""Characters of a title in the filter."""
WEIGHTY = frozenset({"to_365", "over_365"})
"""Bands whose bars are drawn in the colour of what is very late."""


@dataclass(frozen=True)
class AgeLine:
    """A line of the table of ages: `width` of its bar in per cent."""

    code: str
    label: str
    number: int
    look: str
    width: str


@dataclass(frozen=True)
class SaidLine:
    """A line of the table of responses. A rejection closes nothing and leaves nothing to do; where
    no response is given yet, nothing is done.
    """

    label: str
    line: Line
    is_followed: bool
    has_actions: bool


@dataclass(frozen=True)
class GroupLine:
    """A line of a table of rates, with what narrows the board to it."""

    label: Wording | str
    code: str
    number: str
    group: Group
    share: str
    days: int
    rejected: int
    illustrative: bool = False
    longest: "Row | None" = None


@dataclass(frozen=True)
class Row:
    """A recommendation in the list.

    `who` acts: the owner of what is open, for the secretariat, or the offices. `told` is what was
    reported last, for the secretariat. `may_verify` if the reader may verify what waits for it.
    """

    one: Recommended
    number: str
    text: LocalText
    response: str
    who: Sequence[str | Wording]
    late: int | None
    width: str
    state: str
    told: str = ""
    may_verify: bool = False
    notes: Sequence[Wording] = ()

    @property
    def code(self) -> str:
        """What stands in its address."""
        return self.one.recommendation.code

    @property
    def illustrative(self) -> bool:
        """True if it is made up, or its evaluation is."""
        row = self.one.recommendation
        return row.illustrative or row.evaluation.illustrative


def default_view(user: Person, asked: str) -> str:
    """The view that is asked for, or the one for the person's role. Its offices are for staff."""
    if asked == MANAGEMENT and not is_of_secretariat(user):
        return LIST
    if asked:
        return asked
    if may_evaluate(user):
        return LIST
    if holds(user, Role.MANAGER):
        return MANAGEMENT
    return COMMITTEE if holds(user, Role.COMMITTEE) else LIST


def board_context(user: Person, asked: Asked, view: str, *, today: date) -> dict[str, Any]:
    """Everything that the board shows. The Committee's view shows to all what delegations see."""
    view = LIST if asked.words else default_view(user, view)
    if view == COMMITTEE:
        reader: Person = AnonymousUser()
        asked = replace(asked, by="evaluation")
    else:
        reader = user
    if view == MANAGEMENT:
        asked = replace(asked, by="office")
    found = board(reader, asked, today=today, listed=view == LIST, longest=view == MANAGEMENT)
    offered = choices(reader, asked, today=today)
    groups = _group_lines(found, asked, offered, user)
    return {
        "view": view,
        "asked": asked,
        "board": found,
        "heading": _heading(view, found),
        "deck": words.deck(found, asked, offered),
        "ages": _ages(found),
        "open": number(found.counts, OPEN),
        "said": _said(found),
        "all": responses(found.counts)["all"],
        "rate": words.rate_sentence(rate(found.counts)),
        "groups": groups,
        "more_groups": len(found.groups) - len(groups),
        "rows": _rows(found, user, today) if view == LIST else [],
        "list_heading": words.list_heading(asked.state),
        "choices": offered,
        "evaluations": [(one.code, _option(one)) for one in offered.evaluations],
        "states": list(words.STATE_WORDS.items()),
        "is_of_secretariat": is_of_secretariat(user),
        "may_import": may_import(user),
        "illustrative": found.spread.illustrative > 0,
        "today": today,
    }


def _option(one: Evaluation) -> str:
    """An evaluation in the filter: its number and the beginning of its title."""
    title = str(one.title)
    return f"{words.number_of(one)} {title[:OPTION]}{'…' if len(title) > OPTION else ''}"


def _heading(view: str, found: Board) -> str:
    if view == MANAGEMENT:
        return words.management_heading(found.groups, found.day)
    if view == COMMITTEE:
        return words.committee_heading(found.counts)
    if not found.counts:
        return words.found_heading(found.listed)
    return words.heading(found.counts)


def _ages(found: Board) -> list[AgeLine]:
    counted = open_by_band(found.counts)
    most = max(counted.values(), default=0)
    looks = dict.fromkeys(WEIGHTY, "w") | {NOT_DUE: "q", "no_date": "q"}
    return [
        AgeLine(code, str(BANDS[code]), count, looks.get(code, ""), _width(count, most))
        for code, count in counted.items()
        if count or code != "no_date"
    ]


def _width(part: int, whole: int) -> str:
    """The width of a bar in per cent of the widest."""
    return px(min(Decimal(100), Decimal(part * 100) / whole)) if whole else "0"


def _said(found: Board) -> list[SaidLine]:
    lines = responses(found.counts)
    return [
        SaidLine(
            label=str(DECISIONS[code]),
            line=line,
            is_followed=code != "rejected",
            has_actions=code not in {"rejected", "awaiting"},
        )
        for code, line in lines.items()
        if code != "all" and (line.given or code != "awaiting")
    ]


def _group_lines(found: Board, asked: Asked, offered: Choices, user: Person) -> list[GroupLine]:
    shown = _most_late_first(found.groups)[:MOST_GROUPS] if asked.by == "evaluation" else None
    by_key = {group.key: group for group in shown or found.groups}
    made_up = made_up_in([key for key in by_key if key]) if shown else frozenset()
    oldest = _most_late(found)
    lines = []
    for key, (label, code, short) in _named(asked.by, offered, by_key).items():
        group = by_key[key]
        longest = found.longest.get(key) if key is not None else None
        lines.append(
            GroupLine(
                label=label,
                code=code,
                number=short,
                group=group,
                share=words.per_cent(group.rate),
                days=_days(group.first_due_on, found.day),
                rejected=group.given - group.rate.accepted - group.awaiting,
                illustrative=key in made_up,
                longest=_row(longest, user, oldest) if longest else None,
            )
        )
    return lines


def _most_late_first(groups: Sequence[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.late, -group.open, -(group.key or 0)))


Name = tuple[Wording | str, str, str]


def _named(by: str, offered: Choices, groups: Mapping[int | None, Group]) -> dict[int | None, Name]:
    """Label, code and number of each group, in the order in which they are shown."""
    named: dict[int | None, Name] = {}
    if by == "office":
        named = {key: (one.name, one.code, "") for key, one in offered.offices.items()}
    elif by == "evaluation":
        found = named_evaluations([key for key in groups if key])
        named = {one.pk: (one.title, one.code, words.number_of(one)) for one in found}
    else:
        named = {year: (str(year), str(year), "") for year in offered.years}
        named[None] = (_("No year yet"), "", "")
    return {key: name for key, name in named.items() if key in groups}


def _days(due_on: date | None, day: date) -> int:
    """For how many days something is late; 0 if it is not."""
    return max(0, (day - due_on).days) if due_on else 0


def _most_late(found: Board) -> int:
    """For how many days the longest late is late, of all that was counted or found."""
    of_groups = [group.first_due_on for group in found.groups]
    return max(
        (_days(due, found.day) for due in (*of_groups, *(one.due_on for one in found.rows))),
        default=0,
    )


def _rows(found: Board, user: Person, today: date) -> list[Row]:
    oldest = _most_late(found)
    notes = notes_of([one.recommendation for one in found.rows], user, on=today)
    return [
        replace(_row(one, user, oldest), notes=notes.get(one.recommendation.pk, ()))
        for one in found.rows
    ]


def _row(one: Recommended, user: Person, oldest: int) -> Row:
    row, of_secretariat = one.recommendation, is_of_secretariat(user)
    local = row.text.local()
    late = one.days_late if one.is_open else None
    return Row(
        one=one,
        number=words.number_of(row.evaluation),
        text=replace(local, text=Truncator(local.text).chars(SHOWN)),
        response=str(DECISIONS[one.decision]),
        who=_who(one, named=of_secretariat),
        late=late,
        width=_width(max(0, late or 0), oldest),
        state=words.state_words(one.standing, one.closed_on),
        told=_told(one) if of_secretariat else "",
        may_verify=_may_verify(one, user),
    )


def _who(one: Recommended, *, named: bool) -> list[str | Wording]:
    """Who acts next: owners of what is open first, where persons are named, else their offices."""
    acting: list[str | Wording] = []
    for acted in _next(one.actions):
        office = acted.action.office.name
        owner = acted.action.owner
        if named and owner is not None and str(owner) not in acting:
            acting.append(str(owner))
        if office not in acting:
            acting.append(office)
    return acting or [one.recommendation.office.name]


def _next(actions: Iterable[Acted]) -> list[Acted]:
    """Open actions, the first due first."""
    return sorted((a for a in actions if a.is_open), key=lambda a: a.due_on or date.max)


def _told(one: Recommended) -> str:
    """What was reported last, of whichever action."""
    steps: list[FollowUp] = [step for acted in one.actions for step in acted.follow_ups]
    last = max(steps, key=lambda step: (step.on, step.at, step.pk), default=None)
    return Truncator(last.text or last.reason).chars(SHOWN) if last else ""


def _may_verify(one: Recommended, user: Person) -> bool:
    """True if the person may verify one of the actions that wait for it."""
    if one.standing != Standing.TO_VERIFY or not may_evaluate(user):
        return False
    waiting = [acted for acted in one.actions if acted.phase == Phase.PROPOSED]
    return any(verifies(user, a.action, proposed_by=_proposed_by(a)) for a in waiting)


def _proposed_by(acted: Acted) -> int | None:
    proposed = [step for step in acted.follow_ups if step.kind == FollowUp.Kind.PROPOSED]
    return proposed[-1].by_id if proposed else None
