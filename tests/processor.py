"""How long a call keeps the processor busy, in seconds of the machine the limits were set on.

A shared machine can be three times slower in one minute than in the next. So each call is held
against a fixed piece of work done beside it; what else is noise only adds time, so the least of
three tries is the answer, and one try under the limit is enough. What thousands of other tests left
in memory is kept from the collector meanwhile: looking through it is not the call's work.
"""

import gc
import time
from collections.abc import Callable

YARDSTICK = 0.022
"""Seconds that the fixed piece of work took where the limits were set."""


def yardstick() -> float:
    """Seconds that the fixed piece of work takes here and now."""
    began = time.process_time()
    total, texts = 0, {}
    for number in range(200_000):
        total += number * number % 7
        texts[number % 1_000] = str(total)
    return time.process_time() - began


def seconds(call: Callable[[], object], under: float) -> float:
    """The first try that stays under the limit, or the least of three, each held against the
    yardstick."""
    gc.freeze()
    try:
        return _least(call, under)
    finally:
        gc.unfreeze()


def _least(call: Callable[[], object], under: float) -> float:
    least = float("inf")
    for _try in range(3):
        began = time.process_time()
        call()
        took = time.process_time() - began
        if took >= under:
            took /= max(1, yardstick() / YARDSTICK)
        least = min(least, took)
        if least < under:
            break
    return least


def growth(work: Callable[[int], object], *, size: int) -> float:
    """How many times longer four times the size takes; about 4 if time is in proportion, 16 if it
    goes with the square. The least of three pairs, each measured side by side."""
    gc.freeze()
    try:
        return min(_once(work, 4 * size) / _once(work, size) for _try in range(3))
    finally:
        gc.unfreeze()


def _once(work: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    work(size)
    return time.process_time() - began
