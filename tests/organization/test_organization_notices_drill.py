"""Messages under kill -9: none twice, none lost without a trace (reliability check 42)."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from mail_server import MailServer, mail_server
from test_jobs_drill import ROOT, Installation

from jobs.embedded import Clock

SEED = 20_131_019

WAITING = """
import django; django.setup()
import sys
from django.utils import timezone
from organization.models import Notice, User
for number in range(int(sys.argv[1])):
    user = User.objects.create_user(f"person{number}@example.org", name=f"Person {number}")
    Notice.objects.create(recipient=user, key="drill", subject=f"Matter {number}", text="Text",
                          path="/en/work/", made_at=timezone.now())
"""
# Two senders at a time in processes of their own, both killed after a while, then two to the end.
SENDERS = """
import django; django.setup()
import os, random, signal, sys, time
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from organization.models import Notice
from organization.services import notices
reverse("account")  # whatever is read once is read before the clock runs

def sender():
    process = os.fork()
    if process:
        return process
    while Notice.objects.filter(taken_at__isnull=True).exists():
        notices.send(at=timezone.now())
    os._exit(0)

def under_way():
    return set(Notice.objects.filter(taken_at__isnull=False, sent_at__isnull=True).values_list("pk"))

chance = random.Random(int(sys.argv[1]))
for number in range(int(sys.argv[2])):
    stuck = under_way()
    connection.close()
    pair = [sender(), sender()]
    while not under_way() - stuck:
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.06))
    for process in pair:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
connection.close()
for process in [sender(), sender()]:
    assert os.waitpid(process, 0)[1] == 0
"""
LATE_OFFICE = """
import django; django.setup()
from datetime import timedelta
import factories
from django.utils import timezone
from indicators.models import PeriodWindow
house = factories.make_house()
factories.indicator("AA1", offices=[house.branch])
PeriodWindow.objects.update(due_on=timezone.localdate() - timedelta(days=3))
"""
FATES = (
    "SELECT sum(sent_at IS NOT NULL), sum(taken_at IS NOT NULL AND sent_at IS NULL), "
    "sum(taken_at IS NULL) FROM organization_notice"
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server(seconds=0.05) as running:
        yield running


@pytest.fixture
def installation(tmp_path: Path, server: MailServer) -> Iterator[Installation]:
    made = Installation(tmp_path)
    made.environment |= server.environment | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    yield made
    made.end()


@pytest.mark.drill
class TestKilledSenders:
    def test_send_nothing_twice_and_lose_nothing_unseen(
        self,
        installation: Installation,
        server: MailServer,
        rounds: Callable[[int, int], int],
        tell: Callable[[str], None],
    ) -> None:
        kills = rounds(3, 50)
        messages = 25 * kills
        installation.python("manage.py", "migrate", "organization", "--skip-checks", "-v0")
        installation.python("-c", WAITING, str(messages))
        installation.python("-c", SENDERS, str(SEED), str(kills))
        sent, stuck, waiting = installation.rows(FATES)[0]
        times = server.times()
        tell(
            f"check 42, mail: seed {SEED}, {messages} messages, {2 * kills} senders killed: "
            f"{sent} sent, {stuck} taken and not known to be sent, at most {max(times.values())} each"
        )
        assert waiting == 0
        assert sent + stuck == messages
        # The kills must have hit work, or the drill shows nothing.
        assert 1 <= stuck <= 2 * kills
        assert set(times.values()) == {1}
        # What is told as sent came; of what got stuck some came, and none twice.
        assert sent <= len(times) <= sent + stuck


@pytest.mark.drill
class TestServerOfItsOwn:
    def test_reminds_and_sends_without_a_broker_and_nothing_again_after_a_restart(
        self, installation: Installation, server: MailServer
    ) -> None:
        installation.python("manage.py", "migrate", "--skip-checks", "-v0")
        installation.python("-c", LATE_OFFICE)
        worker = self.works_until(installation, server, messages=1)
        assert server.messages[0]["To"] == "ana.contributor@example.org"
        assert server.messages[0]["Subject"] == "Late: figures for 2016, Office BR1"
        installation.python("-c", WAITING, "1")
        self.works_until(installation, server, messages=2)
        assert worker.returncode == 0
        assert sorted(str(message["To"]) for message in server.messages) == [
            "ana.contributor@example.org",
            "person0@example.org",
        ]

    def works_until(
        self, installation: Installation, server: MailServer, *, messages: int
    ) -> "subprocess.Popen[bytes]":
        """Starts a server's worker and stops it once so many messages have come."""
        worker = installation.worker()
        for _wait in range(3000):
            if len(server.messages) >= messages:
                break
            time.sleep(0.02)
        worker.terminate()
        worker.wait(timeout=30)
        return worker


class TestClock:
    def test_rings_for_all_that_beat_does_but_the_sweep(self) -> None:
        current_app.loader.import_default_modules()
        rung = Clock().tick(now=0.0)
        assert sorted(rung) == [
            "evaluations.remind",
            "indicators.remind",
            "indicators.remove_old_uploads",
            "organization.send_notices",
            "reporting.draft_corrigenda",
        ]
        scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
        assert scheduled == {"jobs.sweep", *rung}
        assert scheduled <= set(current_app.tasks)

    def test_keeps_the_times_of_beat(self) -> None:
        clock = Clock()
        ticks = {now: clock.tick(now=float(now)) for now in range(0, 7201, 15)}
        sends = [now for now, tasks in ticks.items() if "organization.send_notices" in tasks]
        assert sends == list(range(0, 7201, 60))
        reminds = [now for now, tasks in ticks.items() if "indicators.remind" in tasks]
        assert reminds == [0, 3600, 7200]
