"""A form takes the fields that it lists, and no other, whoever sends it (reliability check 3).

Each request is sent as it should be, and once more with every field name of every model slipped
in. Both write the same rows, and nothing that was slipped in comes back.
"""

import json
from collections.abc import Callable, Mapping
from random import Random

import pytest
from actors import STATES, Place, place_in
from django.db import transaction
from other_doors import DOORS, FIGURE, OFFICE, Door, by, furnish, own_state, saying
from slipped_in import CANARY, Stored, all_names, filled, number_anew

from indicators.api.entry import FIELDS

SEED = 20260108
ROW = {"value", "numerator", "denominator", "choice", "not_applicable", "reason", "cause",
       "explanation", "measures", "version"}  # fmt: skip
PIECE = {"file", "link", "title", "note", "achievement"}
ADDED = {"authority", "achieved_on", "evidence", "link"}
# What a door takes beside what it is sent here. Everything else is not its business.
LISTED: Mapping[str, set[str]] = {
    "cell": ROW,
    "page": ROW,
    "add achievement": ADDED,
    "register and add": ADDED | {"name", "type", "country"},
    "change achievement": ADDED,
    "add link": PIECE,
    "add file": PIECE,
    "approve": {"note"},
    "correct figure": ROW | {"excuse"},
    "correct by adding": ADDED,
    "settle": {"text"},
    "choose language": {"language", "mail"},
}
FIGURE_DOORS: Mapping[str, Door] = {
    "grid": Door(
        OFFICE, saying(**{"FA1.1-value": "7", "FA1.1-version": "1"}), by("enters", when=frozenset({"open"}))
    ),
    "cell": Door(f"{FIGURE}cell/", saying(value="7", version="1"), by("enters", when=frozenset({"open"}))),
    "page": Door(FIGURE, saying(value="7", version="1"), by("enters", when=frozenset({"open"}))),
}
ALL = {**FIGURE_DOORS, **{name: door for name, door in DOORS.items() if not door.json}}
READERS = ("approves",)
# At the doors of a person's own account all are alike: two of them will do.
OTHERS = {"committee", "edits", "evaluates", "administers", "approves-elsewhere"}


@pytest.fixture(params=sorted({own_state(door) for door in ALL.values()}, key=STATES.index))
def state(request: pytest.FixtureRequest) -> str:
    """The states in which somebody writes, each in turn."""
    return str(request.param)


@pytest.fixture
def place(db: None, state: str) -> Place:
    """The branch with its year in that state."""
    return place_in(state, furnish=furnish)


def written(
    place: Place, stored: Stored, door: Door, actor: str, more: Mapping[str, str]
) -> tuple[list[str], str]:
    """What a request writes, and the page it is answered with; then all is undone."""
    with transaction.atomic():
        number_anew()
        client = place.client(actor)
        if door.prepare:
            door.prepare(place)
            stored = Stored.now()
        answer = door.enter(client, place, more)
        found = Stored.now().changes_since(stored), answer.content.decode()
        transaction.set_rollback(True)
    return found


@pytest.mark.drill
def test_what_is_slipped_into_a_form_is_neither_stored_nor_shown(
    place: Place, state: str, tell: Callable[[str], None], rounds: Callable[[int, int], int]
) -> None:
    dice, tried, times = Random(SEED), 0, rounds(1, 10)  # noqa: S311 (to be repeated)
    doors = {name: door for name, door in ALL.items() if own_state(door) == state}
    names, stored = all_names(), Stored.now()
    for name, door in doors.items():
        listed = LISTED.get(name, set())
        for actor in sorted({*door.writers, *READERS} - OTHERS):
            may = state in door.writers.get(actor, ())
            plain = written(place, stored, door, actor, {})[0] if may else []
            assert bool(plain) == may, (name, actor)
            for _time in range(times):
                more = {key: text for key, text in filled(names, dice).items() if key not in listed}
                stuffed, shown = written(place, stored, door, actor, more)
                assert stuffed == plain, (name, actor)
                assert CANARY not in shown, (name, actor)
                tried += 1
    tell(
        f"check 03: seed {SEED}, year {state}: {len(doors)} forms, {len(names)} field names "
        f"in each of {tried} requests, 0 stored or shown"
    )


@pytest.mark.drill
@pytest.mark.django_db
def test_the_api_refuses_every_field_that_it_does_not_list(
    tell: Callable[[str], None], rounds: Callable[[int, int], int]
) -> None:
    place, dice = place_in("open", furnish=furnish), Random(SEED)  # noqa: S311 (to be repeated)
    client, before, names = place.client("enters"), Stored.now(), all_names()
    tried = 0
    for path, send, body, listed in (
        ("FA1.1/", client.put, {"value": "7"}, FIELDS),
        ("submission/", client.post, {"action": "submit"}, {"action"}),
    ):
        foreign = sorted(set(names) - listed)
        some = dice.sample(foreign, min(len(foreign), rounds(50, len(foreign))))
        for slipped in (foreign, *([name] for name in some)):
            sent = body | {name: names[name][0] for name in slipped}
            answer = send(
                f"/api/v1/offices/BR1/2016/{path}", json.dumps(sent), content_type="application/json"
            )
            assert (answer.status_code, answer.json()["code"]) == (400, "not_understood"), slipped
            assert CANARY not in answer.content.decode()
            tried += 1
    assert Stored.now().changes_since(before) == []
    tell(f"check 03: interface for programs: {tried} bodies with fields more, all refused")
