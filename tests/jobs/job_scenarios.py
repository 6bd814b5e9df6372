"""The life of jobs on a site of their own: the same scenarios embedded and with Celery.

Checks 44 (poison and long jobs) and 46 (embedded equals production) of the reliability page, and
the fairness of the two queues. `test_jobs_scenarios.py` runs them on SQLite without a broker,
`test_jobs_scenarios_services.py` on PostgreSQL with Redis and Celery.
"""

from collections.abc import Callable, Iterator

import pytest
from drill_site import LEASE, Site

Tell = Callable[[str], None]


class Scenarios:
    """What must hold in both modes. `site` is given by the file that runs them."""

    @pytest.fixture(autouse=True)
    def begin_anew(self, site: Site) -> Iterator[None]:
        """Each scenario has the site to itself."""
        (site.folder / "journal.txt").unlink(missing_ok=True)
        yield
        for worker in list(site.workers):
            site.kill(worker)
        site.do("forget")

    def mode(self, site: Site) -> str:
        return "embedded" if site.is_embedded else "Celery"

    # --- Fairness of the queues ---------------------------------------------------------------

    def let_an_import_in(self, site: Site) -> tuple[float, int]:
        """Seconds until it began behind fifty reports, and reports that began meanwhile."""
        reports = site.do(
            "enqueue",
            kind="drill-work",
            keys=[f"r{n}" for n in range(50)],
            payload={"seconds": 0.4},
        )
        site.wait(lambda: len(site.journal()) > 2)
        [arrived] = site.do("enqueue", kind="drill-import", keys=["i"], payload={"seconds": 0})
        site.wait(lambda: site.jobs(pk=arrived, state="done"))
        queued = site.jobs(pk=arrived)[0]["queued_at"]
        began = next(at for job, what, at, _ in site.journal() if (job, what) == (arrived, "begin"))
        between = [
            job
            for job, what, at, _ in site.journal()
            if job in reports and what == "begin" and queued < at < began
        ]
        waiting = len(site.jobs(kind="drill-work", state="queued"))
        assert waiting > 30, "the reports were over before the import came: this shows nothing"
        return began - queued, len(between)

    def test_an_import_starts_beside_fifty_reports(self, site: Site, tell: Tell) -> None:
        if site.is_embedded:
            site.start()
        else:
            site.start(queues="entry")
            site.start(queues="reports")
        seconds, between = self.let_an_import_in(site)
        tell(
            f"check 44: {self.mode(site)}, a worker for each queue, 50 reports of 0.4 s: an import "
            f"began after {seconds:.2f} s and {between} reports"
        )
        # However slow the machine is: not even a second of fifty reports was begun before it.
        assert between <= 1

    # --- Poison and long jobs -----------------------------------------------------------------

    def test_a_job_that_kills_its_worker_is_set_aside_and_holds_nobody_up(
        self, site: Site, tell: Tell
    ) -> None:
        [poison] = site.do("enqueue", kind="drill-death", keys=["x"], payload={})
        others = site.do(
            "enqueue", kind="drill-work", keys=["a", "b", "c"], payload={"seconds": 0.2}
        )
        worker = site.start()
        for _start in range(20):
            # Embedded it takes the whole process along, and whoever runs it starts it again.
            site.wait(lambda: not site.is_busy() or not site.do("is_alive", number=worker))
            if not site.is_busy():
                break
            site.workers.discard(worker)
            worker = site.start()
        assert not site.is_busy(), "the worker was started twenty times, and jobs are left"
        [dead] = site.jobs(pk=poison)
        assert (dead["state"], dead["attempts"], dead["error_code"]) == (
            "parked", 3, "worker-lost",
        )  # fmt: skip
        assert f"J{poison}-3" in dead["error_message"]
        begun = [process for job, _, _, process in site.journal() if job == poison]
        # Each try killed its process, so no two were at it together.
        assert len(begun) == len(set(begun)) == 3
        waits = [one["started_at"] - one["queued_at"] for one in site.jobs(state="done")]
        assert [one["pk"] for one in site.jobs(state="done")] == others
        tell(
            f"check 44: {self.mode(site)}, a job that kills its worker: 3 tries, set aside; three "
            f"jobs beside it waited {max(waits):.1f} s at most"
        )
        # At the longest until it was set aside and a worker was back, however slow the machine is.
        assert max(waits) < 2 * (dead["finished_at"] - dead["queued_at"]) + LEASE

    def test_a_job_that_eats_memory_is_set_aside(self, site: Site, tell: Tell) -> None:
        [greedy] = site.do("enqueue", kind="drill-memory", keys=["x"], payload={})
        site.start(megabytes=500)
        # An error of ours is tried again half a minute later: here the bell rings for it at once.
        site.wait(lambda: site.do("sweep") * 0 or not site.is_busy(), each=0.5)
        [job] = site.jobs(pk=greedy)
        assert (job["state"], job["attempts"], job["error_code"]) == ("parked", 3, "unexpected")
        # The worker outlived it.
        [after] = site.do("enqueue", kind="drill-work", keys=["a"], payload={"seconds": 0})
        site.wait(lambda: site.jobs(pk=after, state="done"))
        tell(f"check 44: {self.mode(site)}, a job that eats memory: 3 tries, set aside")

    def test_a_job_longer_than_its_lease_and_its_message_runs_once(
        self, site: Site, tell: Tell
    ) -> None:
        # Its message comes back after a second: a broker would give it to the second worker.
        limits = {
            "CELERY_BROKER_TRANSPORT_OPTIONS": {
                "visibility_timeout": 1, "unacked_restore_interval": 1,
                "unacked_restore_throttle": 1,
            }
        }  # fmt: skip
        for _ in range(1 if site.is_embedded else 2):
            site.start(**({} if site.is_embedded else {"limits": limits}))
        [long] = site.do(
            "enqueue", kind="drill-work", keys=["x"],
            payload={"seconds": 2.5 * LEASE, "silent": True},
        )  # fmt: skip
        site.wait(lambda: site.jobs(pk=long, state="done"))
        assert site.jobs(pk=long)[0]["attempts"] == 1
        assert [what for _, what, _, _ in site.journal()] == ["begin", "end"]
        tell(
            f"check 44: {self.mode(site)}, {2.5 * LEASE:.0f} s of silence under a lease of {LEASE} "
            "s: one try, never two at once"
        )

    def test_a_job_past_its_time_limit_is_stopped_with_a_sentence(self, site: Site) -> None:
        limits = {"CELERY_TASK_SOFT_TIME_LIMIT": 1}
        site.start(limits=limits)
        [slow] = site.do("enqueue", kind="drill-work", keys=["x"], payload={"seconds": 8})
        site.wait(lambda: not site.is_busy())
        [job] = site.jobs(pk=slow)
        assert (job["state"], job["attempts"], job["error_code"]) == ("failed", 1, "too-long")
        assert "Ask for a smaller part of it." in job["error_message"]

    # --- The life of a job --------------------------------------------------------------------

    def test_a_cancelled_job_stops_at_its_next_step_and_can_be_tried_again(
        self, site: Site, tell: Tell
    ) -> None:
        site.start()
        [job] = site.do("enqueue", kind="drill-work", keys=["x"], payload={"seconds": 2})
        site.wait(site.journal)
        site.do("cancel", job=job)
        [after] = site.do("enqueue", kind="drill-work", keys=["y"], payload={"seconds": 0})
        site.wait(lambda: site.jobs(pk=after, state="done"))
        assert site.jobs(pk=job)[0]["state"] == "cancelled"
        assert [what for pk, what, _, _ in site.journal() if pk == job] == ["begin"]
        site.do("retry", job=job)
        site.wait(lambda: site.jobs(pk=job, state="done"))
        assert site.jobs(pk=job)[0]["attempts"] == 1
        tell(f"check 46: {self.mode(site)}: cancelled in the middle, tried again, done")

    def test_a_job_of_a_killed_worker_begins_again_by_itself(self, site: Site, tell: Tell) -> None:
        worker = site.start()
        [job] = site.do("enqueue", kind="drill-work", keys=["x"], payload={"seconds": 1})
        site.wait(site.journal)
        site.kill(worker)
        site.start()
        site.wait(lambda: site.jobs(pk=job, state="done"))
        assert site.jobs(pk=job)[0]["attempts"] == 2
        assert [what for _, what, _, _ in site.journal()] == ["begin", "begin", "end"]
        tell(f"check 46: {self.mode(site)}: killed in the middle, taken up, done")

    def test_a_rule_is_not_tried_again_and_an_error_is(self, site: Site, tell: Tell) -> None:
        site.start()
        end = {"steps": 1, "seconds": 0}
        site.do("enqueue", kind="rehearsal", keys=["rule"], payload=end | {"ends": "rule"})
        site.do("enqueue", kind="rehearsal", keys=["error"], payload=end | {"ends": "error"})
        site.do("enqueue", kind="rehearsal", keys=["well"], payload=end)
        site.wait(lambda: site.do("sweep") * 0 or not site.is_busy(), each=0.5)
        found = {
            job["key"]: (job["state"], job["attempts"], job["error_code"]) for job in site.jobs()
        }
        assert found == {
            "rule": ("failed", 1, "rehearsal-refused"),
            "error": ("parked", 3, "unexpected"),
            "well": ("done", 1, ""),
        }
        tell(f"check 46: {self.mode(site)}: a rule fails at once, an error after three tries")
