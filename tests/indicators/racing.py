"""Several people act at the same moment, each in a thread with a connection of their own."""

import time
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from habitat_plan.kit.errors import RuleBroken

PATIENCE = 180
"""Seconds that all of them together may take, on the slowest machine."""


def at_once(*actions: Callable[[], Any]) -> list[str]:
    """Runs the actions in threads that start together; what each answered, as a code."""
    barrier, answers = Barrier(len(actions)), [""] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            action()
            answers[place] = "done"
        except RuleBroken as refusal:
            answers[place] = refusal.code
        finally:
            connection.close()

    # Of the kind that does not keep the tests from ending, should one hang after all.
    threads = [Thread(target=run, args=pair, daemon=True) for pair in enumerate(actions)]
    deadline = time.monotonic() + PATIENCE
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    hanging = sum(thread.is_alive() for thread in threads)
    assert not hanging, f"{hanging} of {len(threads)} were not done within {PATIENCE} seconds"
    return sorted(answers)
