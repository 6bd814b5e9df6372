"""Messages under kill -9: none twice, none lost without a trace (reliability check 42)."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import current_app
from drill_site import ROOT, Site, embedded_site
from mail_server import MailServer, mail_server

from jobs.embedded import Clock

SEED = 20_131_019
FATES = (
    "SELECT sum(sent_at IS NOT NULL), sum(taken_at IS NOT NULL AND sent_at IS NULL), "
    "sum(taken_at IS NULL) FROM organization_notice"
)


class MailSite(Site):
    """A site with people who are told things."""

    script = Path(__file__).with_name("kill_senders.py")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server(seconds=0.05) as running:
        yield running


@pytest.fixture
def site(
    migrated: Callable[[Path], None], tmp_path: Path, server: MailServer
) -> Iterator[Site]:
    """A site of its own, with SQLite and no broker, whose mail goes to the server of the test."""
    migrated(tmp_path)
    with embedded_site(tmp_path, MailSite) as made:
        paths = os.pathsep.join((made.environment["PYTHONPATH"], str(ROOT / "tests")))
        made.environment |= server.environment | {"PYTHONPATH": paths}
        made.open()
        yield made


@pytest.mark.drill
class TestKilledSenders:
    def test_send_nothing_twice_and_lose_nothing_unseen(
        self,
        site: Site,
        server: MailServer,
        rounds: Callable[[int, int], int],
        tell: Callable[[str], None],
    ) -> None:
        kills = rounds(3, 50)
        messages = 0
        for done in range(0, kills, 10):
            # A few at a time: each answer has its time.
            messages = site.do("kill_senders", seed=SEED + done, kills=min(10, kills - done))
        sent, stuck, waiting = site.rows(FATES)[0]
        times = server.times()
        tell(
            f"check 42, mail: seed {SEED}, {messages} messages, {2 * kills} senders killed: "
            f"{sent} sent, {stuck} taken and not known to be sent, at most {max(times.values())} each"
        )
        assert messages >= 25
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
        self, site: Site, server: MailServer
    ) -> None:
        site.do("make_office_late")
        assert self.works_until(site, server, messages=1) == 0
        assert server.messages[0]["To"] == "ana.contributor@example.org"
        assert server.messages[0]["Subject"] == "Late: figures for 2016, Office BR1"
        site.do("make_messages", messages=1)
        assert self.works_until(site, server, messages=2) == 0
        assert sorted(str(message["To"]) for message in server.messages) == [
            "ana.contributor@example.org",
            "person1@example.org",
        ]

    def works_until(self, site: Site, server: MailServer, *, messages: int) -> int:
        """Starts a server's worker and stops it once so many messages have come; how it ended."""
        worker = site.work()
        site.wait(lambda: len(server.messages) >= messages)
        os.kill(worker, signal.SIGTERM)
        return site.end_of(worker)


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
