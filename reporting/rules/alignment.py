"""Which part of one document answers to which part of another: pure, by identity before position.

An added paragraph or row makes only itself different, not all that follows.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

Item = TypeVar("Item")
Pair = tuple[int | None, int | None]
"""Positions in the first and in the second sequence; None where there is no counterpart."""

ENOUGH_ALIKE = 0.5


def by_identity(
    was: Sequence[Item], now: Sequence[Item], *keys: Callable[[Item], Hashable]
) -> list[Pair]:
    """Pairs of positions by the first key that is unique on both sides, then by the next one.

    If equally many are left on both sides, they answer to each other as they stand. In the order
    of the first sequence; what stands in the second alone follows its neighbour.
    """
    left, right = dict(enumerate(was)), dict(enumerate(now))
    found: dict[int, int] = {}
    for key in keys:
        theirs = _unique({place: key(item) for place, item in right.items()})
        for value, place in _unique({place: key(item) for place, item in left.items()}).items():
            if value in theirs:
                found[place] = theirs[value]
        left = {place: item for place, item in left.items() if place not in found}
        taken = set(found.values())
        right = {place: item for place, item in right.items() if place not in taken}
    if len(left) == len(right):
        found |= dict(zip(left, right, strict=True))
    return in_order(found, len(was), len(now))


def _unique(keys: dict[int, Hashable]) -> dict[Hashable, int]:
    """Key → position of the keys that say something and stand once."""
    counted = Counter(keys.values())
    return {key: place for place, key in keys.items() if key and counted[key] == 1}


def in_order(found: dict[int, int], was: int, now: int) -> list[Pair]:
    """All positions once: those of the first sequence, and after each what only the second has."""
    home = {theirs: ours for ours, theirs in found.items()}
    after: dict[int, list[int]] = {}
    last = -1
    for place in range(now):
        if place in home:
            last = home[place]
        else:
            after.setdefault(last, []).append(place)
    pairs: list[Pair] = [(None, place) for place in after.get(-1, [])]
    for place in range(was):
        pairs.append((place, found.get(place)))
        pairs += [(None, added) for added in after.get(place, [])]
    return pairs


def by_content(
    was: Sequence[Item],
    now: Sequence[Item],
    *contents: Callable[[Item], Hashable],
    alike: Callable[[Item, Item], float],
) -> list[Pair]:
    """Pairs of positions of two sequences that keep their order.

    First what is equal in the first of `contents`, then within the gaps in the next one, then what
    is most alike (0 to 1). If equally many are left between two pairs, they answer to each other as
    they stand, unless they are not alike at all.
    """
    found: dict[int, int] = {}
    gaps = [(0, len(was), 0, len(now))]
    for content in contents:
        ours, theirs = [content(one) for one in was], [content(one) for one in now]
        left: list[tuple[int, int, int, int]] = []
        for gap in gaps:
            left += _matched(ours, theirs, gap, found)
        gaps = left
    for first, end, other, other_end in gaps:
        scores = [
            [alike(was[i], now[j]) for j in range(other, other_end)] for i in range(first, end)
        ]
        for i, j in _with_the_rest(_best(scores), scores):
            found[first + i] = other + j
    return in_order(found, len(was), len(now))


def _matched(
    ours: Sequence[Hashable],
    theirs: Sequence[Hashable],
    gap: tuple[int, int, int, int],
    found: dict[int, int],
) -> Iterator[tuple[int, int, int, int]]:
    """Notes what is equal within a gap and gives the gaps that are left."""
    i, end, j, other_end = gap
    first, second = i, j
    blocks = SequenceMatcher(
        None, ours[first:end], theirs[second:other_end], autojunk=False
    ).get_matching_blocks()
    for block in blocks:
        if i < first + block.a and j < second + block.b:
            yield i, first + block.a, j, second + block.b
        for step in range(block.size):
            found[first + block.a + step] = second + block.b + step
        i, j = first + block.a + block.size, second + block.b + block.size


def _best(scores: list[list[float]]) -> list[tuple[int, int]]:
    """The pairs in order whose likeness adds up to most; none that is not alike enough."""
    if not scores or not scores[0]:
        return []
    rows, columns = len(scores), len(scores[0])
    total = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            paired = scores[i][j] + total[i + 1][j + 1] if scores[i][j] >= ENOUGH_ALIKE else 0.0
            total[i][j] = max(paired, total[i + 1][j], total[i][j + 1])
    found, i, j = [], 0, 0
    while i < rows and j < columns:
        if total[i][j] == total[i + 1][j]:
            i += 1
        elif total[i][j] == total[i][j + 1]:
            j += 1
        else:
            found.append((i, j))
            i, j = i + 1, j + 1
    return found


def _with_the_rest(
    found: list[tuple[int, int]], scores: list[list[float]]
) -> Iterator[tuple[int, int]]:
    """The pairs, and between them what is left in equal numbers."""
    i = j = 0
    for row, column in [*found, (len(scores), len(scores[0]) if scores else 0)]:
        if row - i == column - j:
            for step in range(row - i):
                if scores[i + step][j + step] > 0:
                    yield i + step, j + step
        if row < len(scores):
            yield row, column
        i, j = row + 1, column + 1
