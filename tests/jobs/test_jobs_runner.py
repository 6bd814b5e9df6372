import logging
import time

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from django.utils.translation import get_language

from jobs import registry, rehearsal, runner, services
from jobs.models import Job


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def ask(asker, kind="rehearsal", language="en", **payload):
    return services.enqueue(
        kind=kind,
        key=f"{kind} {payload}",
        payload={"steps": 2, "seconds": 0} | payload,
        by=asker,
        at=timezone.now(),
        language=language,
    )


def run(job):
    state = runner.run(job_id=job.pk, owner=runner.new_owner())
    job.refresh_from_db()
    return state


class TestRun:
    def test_does_the_work_and_keeps_the_result(self, asker):
        job = ask(asker)
        assert run(job) == "done"
        assert (job.state, job.steps_done, job.steps_total) == ("done", 3, 3)
        assert job.result == {"file": f"{job.pk}.txt"}
        assert (rehearsal.folder() / f"{job.pk}.txt").read_text() == f"{job.key}\n"

    def test_does_nothing_when_the_bell_rings_twice(self, asker):
        job = ask(asker)
        run(job)
        assert run(job) is None
        assert job.attempts == 1

    def test_fails_at_once_on_a_broken_rule_with_its_sentence(self, asker):
        job = ask(asker, ends="rule")
        assert run(job) == "failed"
        assert (job.attempts, job.error_code) == (1, "rehearsal-refused")
        assert job.error_message == "This rehearsal was asked to be refused."

    def test_tries_three_times_after_an_error_of_ours(self, asker, caplog):
        job = ask(asker, ends="error")
        with caplog.at_level(logging.ERROR):
            assert [run(job) for _ in range(3)] == ["queued", "queued", "parked"]
        assert job.error_message == (
            "Something went wrong on our side each time this work was tried, so it was set "
            f"aside. Tell support the reference J{job.pk}-3."
        )
        assert f"J{job.pk}-3" in caplog.text

    def test_never_shows_the_error_itself(self, asker):
        job = ask(asker, ends="error")
        run(job)
        assert "asked to break" not in job.error_message
        assert "Traceback" not in job.error_message

    def test_sets_a_job_of_an_unknown_kind_aside(self, asker):
        job = ask(asker, kind="nobody-does-this")
        assert [run(job) for _ in range(3)] == ["queued", "queued", "parked"]

    def test_ends_work_that_takes_too_long(self, asker, settings):
        settings.CELERY_TASK_SOFT_TIME_LIMIT = -60
        job = ask(asker)
        assert run(job) == "failed"
        assert job.error_code == "too-long"

    def test_ends_work_that_celery_interrupts(self, asker, kinds):
        @registry.handler("slow")
        def slow(job, progress):
            raise SoftTimeLimitExceeded

        job = ask(asker, kind="slow")
        assert run(job) == "failed"
        assert job.error_message == (
            "This work took longer than 23 minutes and was stopped. Ask for a smaller part of it."
        )

    def test_stops_when_the_person_cancels(self, asker, kinds):
        reached = []

        @registry.handler("cancelled-midway")
        def midway(job, progress):
            progress("first", 0, 2)
            services.cancel(job_id=job.pk, by=asker, at=timezone.now())
            progress("second", 1, 2)
            reached.append("second")
            return {}

        job = ask(asker, kind="cancelled-midway")
        assert run(job) is None
        assert (job.state, reached) == ("cancelled", [])

    def test_works_in_the_language_of_the_person_who_asked(self, asker, kinds):
        @registry.handler("language")
        def language(job, progress):
            return {"language": get_language()}

        job = ask(asker, kind="language", language="fr")
        run(job)
        assert job.result == {"language": "fr"}


class TestHandler:
    def test_refuses_a_second_handler_for_a_kind(self, kinds):
        with pytest.raises(ValueError, match="rehearsal"):
            registry.handler("rehearsal")(rehearsal.rehearse)

    def test_refuses_a_queue_that_no_worker_listens_to(self, kinds):
        with pytest.raises(ValueError, match="somewhere"):
            registry.handler("lost", queue="somewhere")


@pytest.mark.usefixtures("committed")
class TestHeartbeat:
    def test_keeps_the_lease_through_a_long_step(self, settings, kinds):
        settings.JOB_LEASE_SECONDS = 1.2

        @registry.handler("long-step")
        def long_step(job, progress):
            # More than two leases long, without one word of progress.
            time.sleep(3)
            return {"taken": services.claim(job_id=job.pk, owner="w2", at=timezone.now()) is None}

        job = ask(None, kind="long-step")
        assert run(job) == "done"
        assert (job.attempts, job.result) == (1, {"taken": True})

    def test_lets_a_job_go_that_hangs_past_the_hard_limit(self, settings, kinds):
        settings.JOB_LEASE_SECONDS = 0.3
        settings.CELERY_TASK_TIME_LIMIT = 0

        @registry.handler("hanging")
        def hanging(job, progress):
            time.sleep(0.6)
            claimed = services.claim(job_id=job.pk, owner="w2", at=timezone.now())
            return {"never": "kept"} if claimed else {}

        job = ask(None, kind="hanging")
        assert run(job) is None
        assert (job.lease_owner, job.result) == ("w2", {})
        assert Job.objects.get().attempts == 2
