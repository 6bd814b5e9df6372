"""Nobody learns by an address or form what another office holds (reliability check 2).

In each request one or more codes and numbers are swapped for those of things of another office,
and once more for some that never existed. The two answers are the same to the byte.
"""

from collections.abc import Callable
from random import Random

import factories
import pytest
from actors import Place, place_in
from django.db import transaction
from object_slots import REQUESTS, Request, masked, never_was, rows_of, things_of

SEED = 20260107
# The register of authorities is open to all who enter: an entry of it is nobody's secret.
SHARED = frozenset({"authority"})


@pytest.fixture
def place(db: None) -> Place:
    """Two offices with things of their own, no number or code of one being one of the other."""
    return place_in("submitted", furnish=lambda _place: None)


def ask(place: Place, actor: str, request: Request, things: dict[str, str]) -> object:
    """One request; then all is undone."""
    with transaction.atomic():
        answer = request.ask(place.client(actor), things)
        transaction.set_rollback(True)
    return answer


@pytest.mark.drill
def test_things_of_others_look_like_things_that_never_were(
    place: Place, tell: Callable[[str], None], rounds: Callable[[int, int], int]
) -> None:
    house, dice = place.house, Random(SEED)  # noqa: S311 (a drill that can be repeated)
    number = factories.indicator("FA3.1", offices=[house.region])
    count = factories.indicator("FA4.1", kind="count", offices=[house.region])
    theirs = things_of(place, house.regional, house.region, number, count)
    own = own_things(place)
    before, tried = rows_of(house.region), 0
    swaps = [(r, {slot}) for r in REQUESTS for slot in r.slots if slot not in SHARED]
    wanted = rounds(500, 10_000)
    while tried < wanted:
        request, swapped = swaps[tried] if tried < len(swaps) else some_swap(dice)
        foreign = {slot: dice.choice(theirs[slot]) for slot in swapped}
        none = {slot: never_was(slot, dice) for slot in swapped}
        actor = ("enters", "approves")[tried % 2] if tried >= len(swaps) else "enters"
        typed = [*foreign.values(), *none.values()]
        found = masked(ask(place, actor, request, own | foreign), typed)
        absent = masked(ask(place, actor, request, own | none), typed)
        assert found == absent, (actor, request, foreign, apart(found, absent))
        tried += 1
    assert rows_of(house.region) == before
    tell(f"check 02: seed {SEED}, {tried} swaps in {len(REQUESTS)} requests, 0 told apart")


def apart(found: tuple[int, bytes, object], absent: tuple[int, bytes, object]) -> str:
    """Where two answers begin to differ."""
    lines = zip(found[1].splitlines(), absent[1].splitlines(), strict=False)
    first = next(((one, other) for one, other in lines if one != other), ("", ""))
    return f"{found[0]} {absent[0]} {first[0]!r} {first[1]!r}"


def own_things(place: Place) -> dict[str, str]:
    """What the branch has, by which a request is in order before anything is swapped."""
    return {
        "office": place.house.branch.code,
        "indicator": place.number.code,
        "count": place.count.code,
        "submission": str(place.house.branch.submissions.get().pk),
        "achievement": str(place.achievement.pk),
        "authority": str(place.achievement.authority_id),
        "piece": str(place.piece.pk),
        "upload": str(place.upload.pk),
        "remark": "0",
        "key": "0",
    }


def some_swap(dice: Random) -> tuple[Request, set[str]]:
    """A request with one or more of its things swapped."""
    request = dice.choice([one for one in REQUESTS if set(one.slots) - SHARED])
    slots = sorted(set(request.slots) - SHARED)
    return request, set(dice.sample(slots, dice.randint(1, len(slots))))
