"""Every door by which data come in asks the same two things: may this person, and is it open?

Twelve actors stand at each door in each state of the year. One small table says who writes; all
others are refused with the same code at every door, and no row of the database differs. Those for
whom the state changes something are tried in each; the others take turns with the states, and are
tried in each under `make drills`.
"""

from collections.abc import Callable

import other_doors
import pytest
from actors import ACTORS, ENTERED, STATES, Place, place_in
from django.db import transaction
from figure_doors import DOORS, expected, lock_of
from tables import fingerprint_of_tables

from indicators.models import Figure


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest) -> str:
    """Each state of the year in turn."""
    return str(request.param)


def has_turn(door: str, actor: str, state: str) -> bool:
    """True in one state in which an office may write, and in one in which it may not."""
    names = [*DOORS, *other_doors.DOORS]
    turn = names.index(door) + ACTORS.index(actor)
    alike = [one for one in STATES if (one in ENTERED) == (state in ENTERED)]
    return alike[turn % len(alike)] == state


@pytest.fixture
def place(db: None, state: str) -> Place:
    """The branch with its year in that state."""
    return place_in(state, furnish=other_doors.furnish)


def differing(before: dict[str, str]) -> set[str]:
    """The tables that are not what they were."""
    return {table for table, rows in fingerprint_of_tables().items() if rows != before[table]}


def attempt(
    place: Place, name: str, actor: str, lock: str, before: dict[str, str]
) -> tuple[str, set[str], str]:
    """What the door answered, which tables differ, and the figure afterwards; then all is undone."""
    door = DOORS[name]
    with transaction.atomic():
        visitor = place.client(actor) if door.needs_client else actor
        code = door.enter(visitor, place, lock)
        found = code, differing(before), f"{Figure.objects.get(pk=place.figure.pk).value:.0f}"
        transaction.set_rollback(True)
    return found


@pytest.mark.drill
class TestEveryDoorOfAFigure:
    def test_writes_if_and_only_if_the_table_says_so(
        self, place: Place, state: str, tell: Callable[[str], None],
        rounds: Callable[[int, int], int],
    ) -> None:  # fmt: skip
        tried, lock, before = 0, lock_of(place), fingerprint_of_tables()
        thorough = bool(rounds(0, 1))
        for name, door in DOORS.items():
            for actor in ACTORS:
                if not door.needs_client and place.people[actor] is None:
                    continue
                if actor != "enters" and not (thorough or has_turn(name, actor, state)):
                    continue
                code, tables, value = attempt(place, name, actor, lock, before)
                wanted = expected(door, actor, state in ENTERED)
                assert (name, actor, code) == (name, actor, wanted)
                if wanted == "written":
                    assert value == "7"
                else:
                    assert value == "5"
                    assert tables <= (door.leaves if actor == "enters" else set()), (name, actor)
                tried += 1
        tell(f"check 01: doors of a figure, year {state}: {tried} attempts, 0 deviations")


def try_door(
    place: Place, name: str, actor: str, before: dict[str, str]
) -> tuple[int, set[str]]:
    """The status of the answer and the tables that differ; then all is undone."""
    with transaction.atomic():
        client = place.client(actor)
        door = other_doors.DOORS[name]
        if door.prepare:
            door.prepare(place)
            before = fingerprint_of_tables()
        status = door.enter(client, place).status_code
        found = status, differing(before)
        transaction.set_rollback(True)
    return found


@pytest.mark.drill
class TestEveryOtherDoor:
    def test_writes_if_and_only_if_its_line_says_so(
        self, place: Place, state: str, tell: Callable[[str], None],
        rounds: Callable[[int, int], int],
    ) -> None:  # fmt: skip
        tried, wrong, before = 0, [], fingerprint_of_tables()
        thorough = bool(rounds(0, 1))
        for name, door in other_doors.DOORS.items():
            for actor in other_doors.attempts(name, state):
                may_wait = other_doors.is_alike_in_all(name, actor) and not thorough
                if may_wait and state != other_doors.own_state(door) and not has_turn(name, actor, state):
                    continue
                status, tables = try_door(place, name, actor, before)
                tried += 1
                if state in door.writers.get(actor, ()):
                    fine = bool(tables) and status < 400
                elif actor in door.writers:
                    fine = tables <= door.leaves and status < 500
                else:
                    fine = not tables and status in door.refusals(actor)
                if not fine:
                    wrong.append((name, actor, status, sorted(tables)))
        assert wrong == []
        count = len(other_doors.DOORS)
        tell(f"check 01: {count} other doors, year {state}: {tried} attempts, 0 deviations")


class TestTurns:
    """Whoever takes turns with the states comes to every door, open and shut."""

    def test_bring_every_actor_to_every_door_in_two_states(self) -> None:
        for name in DOORS:
            for actor in ACTORS:
                tried = [state in ENTERED for state in STATES if has_turn(name, actor, state)]
                assert sorted(tried) == [False, True]

    def test_bring_all_actors_to_every_state(self) -> None:
        for state in STATES:
            assert {a for a in ACTORS for name in DOORS if has_turn(name, a, state)} == set(ACTORS)
