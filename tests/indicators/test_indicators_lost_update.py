"""Several people work on one grid for a long time, and nothing they saved is lost (check 33).

Each remembers what they saw when they opened the grid, types, saves later, opens it again at times,
by cell or by whole rows. After each save it is checked against what that person had seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

import factories
import pytest

from indicators.models import Figure, Indicator
from indicators.services import entry
from indicators.services.entry import EntryLine, Outcome, Typed
from organization.models import AuditEntry, User
from organization.services import audit

SEED = 33
CELLS = 4


@dataclass
class Editor:
    """A person with the grid open: for each indicator, the version and the value they saw."""

    user: User
    saw: dict[int, tuple[int, str | None]] = field(default_factory=dict)


class Desk:
    """One grid, its editors, and what became of everything they sent."""

    def __init__(self, house: factories.House, random: Random) -> None:
        self.house, self.random = house, random
        self.cells = [factories.indicator(f"LU{n}", offices=[house.branch]) for n in range(CELLS)]
        self.editors = [
            Editor(factories.person(name, contributor=house.branch)) for name in ("Gil", "Hal", "Ida")
        ]
        self.typed = self.kept = self.told = 0

    def open(self, editor: Editor) -> None:
        """The editor loads the page."""
        editor.saw = {
            one: (version, audit.plain(value))
            for one, version, value in Figure.objects.values_list(
                "indicator_id", "version", "value"
            )
        }

    def save(self, editor: Editor) -> None:
        """The editor sends one cell, or several at once, each with a number never typed before."""
        cells = self.random.sample(self.cells, self.random.choice((1, 1, 1, 2, 3)))
        for outcome in self._sent(editor, [self._line(editor, cell) for cell in cells]):
            self._check(editor, outcome)

    def _line(self, editor: Editor, cell: Indicator) -> EntryLine:
        self.typed += 1
        version = editor.saw.get(cell.pk, (0, None))[0]
        typed = Typed(value=str(self.typed), version=version)
        return EntryLine(cell, self.house.branch, self.house.year, typed)

    def _sent(self, editor: Editor, lines: list[EntryLine]) -> list[Outcome]:
        return entry.enter_figures(
            lines=lines, language="en", by=editor.user, at=factories.NOW
        )

    def _check(self, editor: Editor, outcome: Outcome) -> None:
        """Nobody writes over what they had not seen, and whoever is refused had not seen it."""
        cell = outcome.line.indicator.pk
        _version, value = editor.saw.get(cell, (0, None))
        if outcome.refusal is None:
            assert audit.plain(outcome.changes["value"][0]) == value
            assert outcome.figure is not None
            editor.saw[cell] = (outcome.figure.version, outcome.line.typed.value)
            self.kept += 1
            return
        assert outcome.refusal.code == "changed_elsewhere"
        assert audit.plain(outcome.before["value"]) != value
        assert str(outcome.before["changed_by"]) != str(editor.user)
        self.told += 1

    def history(self, cell: Indicator) -> list[Any]:
        """The values of a cell from first to last, as the trail holds them."""
        figure = Figure.objects.get(indicator=cell)
        entries = AuditEntry.objects.filter(
            subject_type="indicators.figure", subject_id=str(figure.pk)
        )
        return [changes["value"] for changes in entries.order_by("number").values_list("changes", flat=True)]


@pytest.mark.drill
def test_no_accepted_value_is_lost_or_silently_overwritten(
    house: factories.House, rounds: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    desk = Desk(house, Random(SEED))  # noqa: S311  # drawn for a test, the same each time
    times = rounds(120, 10_000)
    for _interleaving in range(times):
        # Two have the page open at once, and save in any order; the third may come in between.
        for editor in desk.random.sample(desk.editors, 2):
            desk.open(editor)
        for editor in desk.random.sample(desk.editors, desk.random.choice((2, 3))):
            desk.save(editor)
    accepted = 0
    for cell in desk.cells:
        values = desk.history(cell)
        assert values[0][0] is None
        assert all(old[1] == new[0] for old, new in pairwise(values)), "a value went unrecorded"
        assert values[-1][1] == audit.plain(Figure.objects.get(indicator=cell).value)
        accepted += len(values)
    assert accepted == desk.kept
    assert desk.kept + desk.told == desk.typed
    assert desk.told > times // 10, "they hardly met"
    assert audit.verify() is None
    tell(
        f"check 33: seed {SEED}, {times} interleavings, {desk.typed} values typed, "
        f"{desk.kept} accepted, {desk.told} refused with a name, 0 lost"
    )
