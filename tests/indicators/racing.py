"""Several people act at the same moment, each in a thread with a connection of their own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from habitat_plan.kit.errors import RuleBroken


def at_once(*actions: Callable[[], Any]) -> list[str]:
    """Runs the actions in threads that start together; what each answered, as a code."""
    barrier, answers = Barrier(len(actions)), [""] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            action()
            answers[place] = "done"
        except RuleBroken as refusal:
            answers[place] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)
