"""Run as a script in a drill: makes messages that wait, and kills who sends them."""

import os
import random
import signal
import sys
import time
from datetime import timedelta

import drill_control  # sets Django up
import factories
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from drill_control import command, forked, main

from indicators.models import PeriodWindow
from organization.models import Notice, User
from organization.services import notices

WAITING = 25
"""Messages that wait when two senders begin."""
PATIENCE, STARTS = drill_control.ANSWERS_WITHIN, 20


@command
def make_office_late() -> None:
    """An office whose figures were due three days ago."""
    house = factories.make_house()
    factories.indicator("AA1", offices=[house.branch])
    PeriodWindow.objects.update(due_on=timezone.localdate() - timedelta(days=3))


@command
def make_messages(messages: int) -> None:
    """So many messages that wait, each to a person of its own."""
    first = Notice.objects.count()
    for number in range(first, first + messages):
        user = User.objects.create_user(f"person{number}@example.org", name=f"Person {number}")
        Notice.objects.create(
            recipient=user, key="drill", subject=f"Matter {number}", text="Text",
            path="/en/work/", made_at=timezone.now(),
        )  # fmt: skip


def waiting() -> int:
    return Notice.objects.filter(taken_at__isnull=True).count()


def sender() -> int:
    """A process that sends until nothing waits; its number."""

    def sends() -> None:
        while waiting():
            notices.send(at=timezone.now())

    return forked(sends)


def under_way() -> set[int]:
    """What is taken and not known to be sent."""
    found = Notice.objects.filter(taken_at__isnull=False, sent_at__isnull=True)
    return set(found.values_list("pk", flat=True))


def ended(process: int) -> bool:
    """True once it has come to its end, and a sentence if that was no good one."""
    gone, status = os.waitpid(process, os.WNOHANG)
    assert status == 0, f"a sender ended with {status}"
    return bool(gone)


def at_work(stuck: set[int], alive: list[int]) -> bool:
    """Waits until a sender has a message under way; False if all were over before one was seen.

    Takes who has ended off the list.
    """
    deadline = time.monotonic() + PATIENCE
    while not under_way() - stuck:
        alive[:] = [process for process in alive if not ended(process)]
        if not alive:
            return False
        assert time.monotonic() < deadline, f"no message was taken within {PATIENCE} seconds"
        time.sleep(0.002)
    return True


def kill_two(chance: random.Random) -> bool:
    """Two senders at a time, both killed a moment after one of them took a message."""
    make_messages(max(0, WAITING - waiting()))
    stuck = under_way()
    alive = [sender(), sender()]
    found = at_work(stuck, alive)
    if found:
        time.sleep(chance.uniform(0, 0.06))
    for process in alive:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return found


@command
def kill_senders(seed: int, kills: int) -> int:
    """Two at a time so many times, then two to the end; how many messages there are."""
    reverse("account")  # whatever is read once is read before the clock runs
    chance = random.Random(seed)  # noqa: S311
    for _kill in range(kills):
        # A machine may be so busy that they are done before this process looks.
        seen = any(kill_two(chance) for _start in range(STARTS))
        assert seen, f"{STARTS} times two senders had sent everything before one was killed"
    alive = [sender(), sender()]
    connection.close()
    deadline = time.monotonic() + PATIENCE
    while alive := [process for process in alive if not ended(process)]:
        assert time.monotonic() < deadline, f"the last senders took more than {PATIENCE} seconds"
        time.sleep(0.01)
    return Notice.objects.count()


if __name__ == "__main__":
    sys.exit(main())
