"""Reports made by Celery workers on Redis and PostgreSQL: killed over, without a broker, restarted."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest
from drill_site import Site, celery_site, own_broker
from processor import YARDSTICK, yardstick
from report_scenarios import FORMATS, LONGEST, ReportSite, Scenarios, finish

pytestmark = [pytest.mark.services, pytest.mark.drill]

LINE_DOWN = "The line to the workers is down at the moment."
TURNS = [{"kind": "annual_progress", "period": str(year)} for year in range(2014, 2020)]
BINARIES = Path("/usr/lib/postgresql")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with the demonstration, to be copied: loading it takes longer."""
    folder, database = tmp_path_factory.mktemp("loaded"), f"habitat_loaded_{os.getpid()}"
    with celery_site(folder, database, own_broker(plus=4), ReportSite) as made:
        made.open()
        made.do("fill")
        made.close()
        yield database


@pytest.fixture(scope="module")
def site(loaded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with a database and a broker that no other test touches."""
    folder, database = tmp_path_factory.mktemp("reports"), f"habitat_reports_{os.getpid()}"
    with celery_site(folder, database, own_broker(plus=4), ReportSite, template=loaded) as made:
        made.open()
        made.do("forget")
        yield made


class TestCelery(Scenarios):
    """All of them."""


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def slug_of(turn: dict[str, str]) -> str:
    return f"{turn['kind'].replace('_', '-')}-{turn['period']}"


class Broker:
    """A Redis of our own, to be stopped, killed, emptied and started empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = f"--port {self.port} --bind 127.0.0.1 --appendonly no --dir {self.folder}"
        self.process = subprocess.Popen(
            ["redis-server", *options.split(), "--save", ""],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.tell("PING").returncode == 0:
                return
            time.sleep(0.05)
        pytest.fail("the broker did not start")

    def tell(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["redis-cli", "-p", str(self.port), *words],
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip

    def end(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=120)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    made.start()
    yield made
    made.end(signal.SIGKILL)


@pytest.fixture
def site_of_broker(loaded: str, broker: Broker, tmp_path: Path) -> Iterator[Site]:
    database = f"habitat_broker_{os.getpid()}"
    with celery_site(tmp_path, database, broker.address, ReportSite, template=loaded) as made:
        made.open()
        made.do("collect_statics")
        yield made


class TestBrokerLost:
    def ask_on_the_page(self, site: Site, turn: dict[str, str]) -> float:
        """Seconds until the page answered; it says that the report is being assembled."""
        address = f"/en/reports/{slug_of(turn)}/assemble/"
        status, words = site.do("page", name="qa", address=address, post={"confirm_gaps": "on"})
        assert status == 302, words
        return site.seconds

    def test_loses_no_work_and_keeps_the_pages_working(
        self, site_of_broker: Site, broker: Broker, tell, rounds
    ) -> None:
        site, outage = site_of_broker, rounds(5, 60)
        slowest, drained = [], []
        losses = [signal.SIGKILL, signal.SIGTERM][: rounds(1, 2)]
        site.start()
        for number, turns in zip(losses, (TURNS[:3], TURNS[3:]), strict=False):
            # One under way, one rung for and its message wiped out, one while the line is down.
            site.do("ask", **turns[0])
            site.wait(lambda: site.jobs(state="running"), seconds=LONGEST)
            site.do("ask", **turns[1])
            broker.tell("FLUSHALL")
            broker.end(number)
            slowest.append(self.ask_on_the_page(site, turns[2]))
            time.sleep(outage)
            address = f"/en/reports/{slug_of(turns[2])}/"
            status, words = site.do("page", name="qa", address=address)
            assert (status, LINE_DOWN in words) == (200, True)
            broker.start()
            began = time.monotonic()
            finish(site)
            drained.append(time.monotonic() - began)
        asked = 3 * len(losses)
        for turn in TURNS[:asked]:
            assert site.do("report_of", slug=slug_of(turn)) == ["assembled", "", [1]]
        assert site.states() == ["done"] * asked * (1 + len(FORMATS))
        assert site.do("wrong_files") == []
        tell(
            f"check 43: broker emptied and {'killed; and stopped' if asked > 3 else 'killed'}, "
            f"away {outage} s, started empty: "
            f"{asked} reports asked for, 0 of {len(site.jobs())} jobs lost; a page answered within "
            f"{max(slowest):.1f} s; drained {max(drained):.0f} s after its return at the worst"
        )
        # On a machine as slow as the one on which the limits were set, or on a slower one.
        slower = max(1, yardstick() / YARDSTICK)
        assert max(slowest) < 5 * slower
        assert max(drained) <= 60 * slower


class Cluster:
    """A PostgreSQL of our own, which the system's account for it may stop at once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.programs = max(BINARIES.iterdir(), key=lambda path: int(path.name)) / "bin"

    def run(self, program: str, *options: str) -> None:
        asked = [str(self.programs / program), *options]
        subprocess.run(
            ["su", "postgres", "-s", "/bin/sh", "-c", " ".join(asked)],
            check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180,
        )  # fmt: skip

    def make(self) -> None:
        shutil.chown(self.folder, "postgres", "postgres")
        self.run("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "postgres", "-N")
        self.start()

    def start(self) -> None:
        words = f"'-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}'"
        self.run(
            "pg_ctl",
            "-D",
            f"{self.folder}/data",
            "-w",
            "-l",
            f"{self.folder}/log",
            "-o",
            words,
            "start",
        )

    def stop_at_once(self) -> None:
        """As after a fault of the machine: nothing is finished, nobody is told."""
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-m", "immediate", "stop")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """PostgreSQL refuses to run as root, and its account sees no folder of root's."""
    if os.geteuid() != 0 or not BINARIES.is_dir():
        pytest.skip("needs root, to become the account of PostgreSQL, and its programs")
    folder = Path(mkdtemp(prefix="cluster-", dir="/tmp"))
    made = Cluster(folder)
    try:
        made.make()
        monkeypatch.setenv("DATABASE_URL", f"postgres://postgres@127.0.0.1:{made.port}/postgres")
        yield made
    finally:
        subprocess.run(["su", "postgres", "-s", "/bin/sh", "-c",
                        f"{made.programs}/pg_ctl -D {folder}/data -m immediate stop"],
                       check=False, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=180)  # fmt: skip
        shutil.rmtree(folder)


class TestDatabaseRestarted:
    def test_the_report_is_finished_after_its_return(
        self, cluster: Cluster, tmp_path: Path, tell, rounds
    ) -> None:
        restarts, seconds = rounds(0, 5), []
        if not restarts:
            pytest.skip("takes a minute: `make drills` runs it")
        with celery_site(tmp_path, "habitat_restart", own_broker(plus=6), ReportSite) as site:
            site.open()
            site.do("fill")
            site.start()
            for turn in TURNS[:restarts]:
                site.do("ask", **turn)
                site.wait(
                    lambda: site.jobs(kind="render_report", state="running"), seconds=LONGEST
                )
                cluster.stop_at_once()
                time.sleep(1)
                cluster.start()
                began = time.monotonic()
                finish(site)
                seconds.append(time.monotonic() - began)
            for turn in TURNS[:restarts]:
                assert site.do("report_of", slug=slug_of(turn)) == ["assembled", "", [1]]
            assert set(site.states()) == {"done"}
            assert len(site.jobs()) == restarts * (1 + len(FORMATS))
            assert site.do("wrong_files") == []
            tell(
                f"check 43: database stopped at once {restarts} times in the middle of a file: one "
                f"report each, complete {max(seconds):.0f} s after its return"
            )
