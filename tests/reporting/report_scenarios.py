"""Reports made by workers on a site of their own: the same scenarios embedded and with Celery.

Checks 42 (worker killed) and 46 (embedded equals production) of the reliability page.
`test_reporting_drill.py` runs them on SQLite without a broker, `test_reporting_drill_services.py`
on PostgreSQL with Redis and Celery.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from drill_site import Site

SEED = 20_140_101
FORMATS = ("docx", "html", "json", "pdf", "xlsx")
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
LONGEST = 180
"""Seconds that a wait may take: no machine is so slow, and none waits for ever."""
SLUG, SYMBOL = "biennial-progress-2016-2017", "HSP/GC/27/9"

Tell = Callable[[str], None]
Rounds = Callable[[int, int], int]


class ReportSite(Site):
    """A site with reports."""

    script = Path(__file__).with_name("kill_reports.py")


def finish(site: Site) -> None:
    """Waits until no job is left to do; asks seldom, which takes the processor from the workers."""
    site.wait(lambda: not site.is_busy(), seconds=LONGEST, each=0.1)


class Killer:
    """Kills a worker over and over, its child and all of it in turn, at moments drawn at random."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site = site
        self.chance = random.Random(seed)  # noqa: S311
        self.seen: set[str] = set()
        self.kills = 0
        self.over: Counter[str] = Counter()
        """Kind of job → kills over it."""
        self.parked = 0
        self.worker = site.start()

    def kill(self, kind: str, within: float) -> bool:
        """Kills over the next job of a kind; False if no job of it is left."""
        deadline = time.monotonic() + LONGEST
        while not (held := self.site.running(self.seen, kind)):
            self.go_on()
            if not any(job["state"] in {"queued", "running"} for job in self.site.jobs(kind=kind)):
                return False
            if time.monotonic() > deadline:
                pytest.fail(f"no {kind} begins within {LONGEST} s; jobs: {self.site.jobs()}")
            time.sleep(0.02)
        time.sleep(self.chance.uniform(0, within))
        if self.site.is_embedded or self.kills % 2:
            self.site.kill(self.worker)
            self.worker = self.site.start()
        else:
            self.site.do("kill", number=held[1])
        self.kills += 1
        self.over[kind] += 1
        return True

    def go_on(self) -> None:
        """What a person does with work that was set aside: tries again."""
        if stopped := self.site.jobs(state="parked"):
            assert {job["error_code"] for job in stopped} == {"worker-lost"}
            self.parked += len(stopped)
            self.site.do("retry_work")

    def finish(self) -> float:
        """Waits until all is done; how many seconds that took."""
        began = time.monotonic()

        def is_over() -> bool:
            self.go_on()
            return not self.site.is_busy()

        self.site.wait(is_over, seconds=LONGEST, each=0.1)
        return time.monotonic() - began


class Scenarios:
    """What must hold in both modes. `site` is given by the file that runs them."""

    @pytest.fixture(autouse=True)
    def leave_no_worker(self, site: Site) -> Iterator[None]:
        yield
        for worker in list(site.workers):
            site.kill(worker)
        site.do("forget")

    def mode(self, site: Site) -> str:
        return "embedded" if site.is_embedded else "Celery"

    def test_a_worker_killed_at_random_leaves_one_report_with_all_its_files(
        self, site: Site, tell: Tell, rounds: Rounds
    ) -> None:
        kills = rounds(6, 50)
        seed = int(os.environ.get("DRILL_SEED", SEED))
        killer = Killer(site, seed)
        # Asked for while nobody works, and killed at once first: a worker that is there already has
        # assembled it before anybody looks, and a fast one before half a second is over.
        site.kill(killer.worker)
        site.do("ask")
        killer.worker = site.start()
        killer.kill("assemble_report", 0)
        while killer.kills < kills * 3 // 10 and killer.kill("assemble_report", 0.5):
            pass
        while killer.kills < max(2, kills * 4 // 10) and killer.kill("render_report", 1.0):
            pass
        killer.finish()
        [assembly] = site.jobs(kind="assemble_report")
        assert assembly["attempts"] > 1 or killer.parked, "no kill hit the assembly"
        assert site.do("report_of", slug=SLUG) == ["assembled", "", [1]]
        assert site.do("hash_of", slug=SLUG, number=1) == site.do("expected_hash")
        assert site.do("files_of", slug=SLUG) == [["en", format] for format in FORMATS]

        site.do("clear")
        # Once when all is written and nothing is committed, then at moments drawn at random.
        site.do("kill", number=site.do("issue_up_to_its_end"))
        assert site.do("report_of", slug=SLUG) == ["cleared", "", [1]], "it was issued all the same"
        assert site.jobs(state="queued") == []
        issues = 1
        while site.do("report_of", slug=SLUG)[0] == "cleared" and issues < max(2, kills // 5):
            issuing = site.do("issue_apart")
            time.sleep(killer.chance.uniform(0, 1.0))
            site.do("kill", number=issuing)
            issues += 1
        if site.do("report_of", slug=SLUG)[0] == "cleared":
            assert site.do("issue") == 30
        within = rounds(1, 2) / 2
        while killer.kills + issues < kills and killer.kill("render_report", within):
            pass
        recovered = killer.finish()

        assert site.do("report_of", slug=SLUG) == ["issued", SYMBOL, [1, 2]]
        assert site.do("files_of", slug=SLUG) == [
            [language, format] for language in LANGUAGES for format in FORMATS
        ]
        assert site.do("wrong_files") == []
        assert set(site.states()) == {"done"}
        files = site.jobs(kind="render_report")
        assert max(job["attempts"] for job in files) > 1 or killer.parked, "no kill hit a file"
        tries = sum(job["attempts"] for job in site.jobs())
        tell(
            f"check 42: {self.mode(site)}, seed {seed}: {killer.kills} workers killed over "
            f"assembly and files and {issues} processes over the issue; {tries} tries of 36 jobs, "
            f"{killer.parked} set aside and tried again by hand; one report, 35 files, none wrong; "
            f"over {recovered:.0f} s after the last kill"
        )
        assert killer.kills + issues >= min(kills, 8)
        assert killer.over["assemble_report"] > 0 and killer.over["render_report"] > 1
        if rounds(0, 1):
            assert site.do("differences") == []

    def test_work_cancelled_in_the_middle_stays_cancelled_until_it_is_tried_again(
        self, site: Site, tell: Tell
    ) -> None:
        turn = {"kind": "annual_progress", "period": "2016"}
        site.start()
        site.do("ask", language="fr", **turn)
        site.wait(lambda: site.jobs(kind="render_report", state="running"), seconds=LONGEST)
        assert site.do("cancel_work", **turn) >= 1
        finish(site)
        time.sleep(0.5)
        assert set(site.states()) == {"done", "cancelled"}
        # A file that was made before its worker heard of it stays; the others are made now.
        assert site.do("retry_work", **turn) >= 1
        finish(site)
        assert site.do("files_of", slug="annual-progress-2016") == [
            ["fr", format] for format in FORMATS
        ]
        assert site.do("wrong_files") == []
        tell(
            f"check 46: {self.mode(site)}: a report cancelled in the middle, tried again, complete"
        )

    def test_work_goes_on_where_a_stopped_worker_left_it(self, site: Site, tell: Tell) -> None:
        turn = {"kind": "annual_progress", "period": "2015"}
        worker = site.start()
        site.do("ask", language="zh", **turn)
        site.wait(
            lambda: len(site.jobs(kind="render_report", state="done")) >= 2, seconds=LONGEST
        )
        site.kill(worker)
        before = {job["pk"]: job["finished_at"] for job in site.jobs(state="done")}
        site.start()
        finish(site)
        after = {job["pk"]: job["finished_at"] for job in site.jobs(state="done")}
        # What was made is not made again.
        assert {pk: at for pk, at in after.items() if pk in before} == before
        assert len(after) == 1 + len(FORMATS)
        tell(
            f"check 46: {self.mode(site)}: worker lost after {len(before)} of {len(after)} jobs, "
            "the others done by the next"
        )

    def test_asking_twice_makes_one_report(self, site: Site, tell: Tell) -> None:
        turn = {"kind": "annual_progress", "period": "2014"}
        assert site.do("ask", **turn) == site.do("ask", **turn)
        site.start()
        finish(site)
        assert site.do("report_of", slug="annual-progress-2014") == ["assembled", "", [1]]
        assert len(site.jobs()) == 1 + len(FORMATS)
        tell(f"check 46: {self.mode(site)}: asked twice, one report")

    def test_a_worker_stays_small_however_many_reports_it_makes(
        self, site: Site, tell: Tell, rounds: Rounds
    ) -> None:
        turn = {"kind": "annual_progress", "period": "2017"}
        reports, first = rounds(4, 100), rounds(2, 20)
        languages = ["zh"] if reports == 4 else list(LANGUAGES)
        formats = ["docx", "pdf"] if reports == 4 else list(FORMATS)
        site.do("ask", **turn)
        peaks, seen = {}, {}
        worker = site.start()
        finish(site)
        files = 0
        for number in range(1, reports + 1):
            files += site.do(
                "render_another", number=number, languages=languages, formats=formats, **turn
            )

            def is_over() -> bool:
                for job in site.jobs(state="running"):
                    process = int(job["lease_owner"].split(":")[1])
                    seen[process] = site.do("status", number=process, name="VmHWM")
                return not site.is_busy()

            site.wait(is_over, seconds=LONGEST)
            if site.is_embedded:
                seen[worker] = site.do("status", number=worker, name="VmHWM")
            peaks[number] = max(seen.values())
        assert set(site.states()) == {"done"}
        if site.is_embedded:
            assert list(seen) == [worker]
        tell(
            f"worker memory: {self.mode(site)}, {reports} different reports, {files} files, "
            f"{len(seen)} processes: {peaks[1]} MB at most after 1, {peaks[first]} MB after {first}, "
            f"{peaks[reports]} MB after {reports}"
        )
        assert peaks[reports] < 300
        assert peaks[reports] - peaks[first] <= 20
