"""Two workers with two clocks, on Redis and PostgreSQL: nothing is told or sent twice."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import factories
import pytest
from celery import current_app
from django.utils import timezone
from mail_server import MailServer, mail_server
from test_jobs_drill_services import PATIENCE, ROOT, Workers

from indicators.models import PeriodWindow
from organization.models import AuditEntry, Notice

pytestmark = [
    pytest.mark.services,
    pytest.mark.drill,
    pytest.mark.django_db(transaction=True),
]
OFFICES = 20


class QuickWorkers(Workers):
    """Workers whose beat ticks each second, and whose mail goes to a server of the test."""

    application = "quick_beat"

    def __init__(self, folder: Path, server: MailServer) -> None:
        super().__init__(folder)
        here = Path(__file__).parent
        self.environment |= server.environment | {"PYTHONPATH": f"{ROOT}:{here}"}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server(seconds=0.05) as running:
        yield running


@pytest.fixture
def workers(tmp_path: Path, server: MailServer) -> Iterator[Callable[[str], QuickWorkers]]:
    current_app.control.purge()
    made: list[QuickWorkers] = []

    def make(name: str) -> QuickWorkers:
        folder = tmp_path / name
        folder.mkdir()
        made.append(QuickWorkers(folder, server))
        return made[-1]

    yield make
    for group in made:
        for worker in group.started:
            group.kill(worker)
    current_app.control.purge()


def wait(until: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, f"{what} after {PATIENCE} seconds"
        time.sleep(0.05)


def test_two_clocks_two_workers_and_a_restart(house, workers, server, tell):
    measure = factories.indicator("AA1", offices=[house.branch])
    for _number in range(OFFICES - 1):
        office = factories.office()
        factories.person(contributor=office)
        factories.assign(measure, office)
    PeriodWindow.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    first, second = workers("first"), workers("second")
    killed = first.start()
    second.start()
    wait(lambda: len(server.messages) >= OFFICES // 3, "too few messages")
    first.kill(killed)
    first.start()
    wait(
        lambda: (
            Notice.objects.count() == OFFICES
            and not Notice.objects.filter(taken_at__isnull=True).exists()
        ),
        "messages were waiting",
    )
    time.sleep(3)  # some ticks more of both clocks, which find nothing to do

    times = server.times()
    stuck = Notice.objects.filter(sent_at__isnull=True).count()
    tell(
        f"check 42, two clocks: {OFFICES} offices late, 1 worker killed: {len(times)} messages, "
        f"at most {max(times.values())} each, {stuck} taken and not known to be sent"
    )
    assert Notice.objects.count() == OFFICES
    assert AuditEntry.objects.filter(action="tell people").count() == OFFICES
    assert set(times.values()) == {1}
    assert stuck <= 1
    assert OFFICES - stuck <= len(times) <= OFFICES
