from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from jobs import rules, services
from jobs.models import Job

SECOND = timedelta(seconds=1)


def enqueue(at, by=None, key="drill", **payload):
    return services.enqueue(kind="rehearsal", key=key, payload=payload, by=by, at=at)


def stop(job, state, at):
    """Puts a job at an end without the services, to start from there."""
    Job.objects.filter(pk=job.pk).update(
        state=state, attempts=3, finished_at=at, error_code="e", error_message="m", result={"a": 1}
    )


class TestEnqueue:
    def test_keeps_what_was_asked(self, job, asker, noon):
        assert (job.state, job.attempts, job.requested_by, job.queued_at, job.payload) == (
            "queued",
            0,
            asker,
            noon,
            {"steps": 3, "seconds": 0},
        )

    @pytest.mark.parametrize("state", ["queued", "done"])
    def test_gives_the_job_there_is(self, job, noon, state):
        if state == "done":
            stop(job, state, noon)
        again = enqueue(noon + SECOND, steps=9)
        assert (again.pk, again.state, again.payload["steps"]) == (job.pk, state, 3)

    @pytest.mark.parametrize("state", ["failed", "cancelled", "parked"])
    def test_starts_a_stopped_job_anew(self, job, stranger, noon, state):
        stop(job, state, noon)
        again = enqueue(noon + SECOND, by=stranger, steps=9)
        assert again.pk == job.pk
        assert (again.state, again.attempts, again.finished_at) == ("queued", 0, None)
        assert (again.error_code, again.error_message, again.result) == ("", "", {})
        assert (again.requested_by, again.payload) == (stranger, {"steps": 9})

    def test_leaves_nothing_if_the_caller_gives_up(self, asker, noon):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            enqueue(noon)
            raise ZeroDivisionError
        assert not Job.objects.exists()

    def test_rings_after_the_commit_and_notes_it(
        self, asker, noon, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks() as rings:
            job = enqueue(noon)
        assert (len(rings), Job.objects.get().rung_at) == (1, None)
        rings[0]()
        job.refresh_from_db()
        assert job.rung_at == noon

    def test_does_not_ring_for_a_job_that_is_there(
        self, job, noon, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks() as rings:
            enqueue(noon)
        assert rings == []


class TestClaim:
    def test_gives_the_job_under_a_lease(self, job, noon, settings):
        settings.JOB_LEASE_SECONDS = 30
        claimed = services.claim(job_id=job.pk, owner="w1", at=noon)
        assert (claimed.state, claimed.attempts, claimed.lease_owner) == ("running", 1, "w1")
        assert (claimed.started_at, claimed.lease_until) == (noon, noon + 30 * SECOND)

    def test_gives_it_to_one_worker_only(self, job, noon):
        services.claim(job_id=job.pk, owner="w1", at=noon)
        assert services.claim(job_id=job.pk, owner="w2", at=noon) is None

    def test_forgets_the_progress_of_the_try_before(self, job, noon):
        services.claim(job_id=job.pk, owner="w1", at=noon)
        services.progress(job_id=job.pk, owner="w1", at=noon, step="a", done=1, total=2)
        claimed = services.claim(job_id=job.pk, owner="w2", at=noon + timedelta(hours=1))
        assert (claimed.step, claimed.steps_done, claimed.attempts) == ("", 0, 2)

    def test_follows_the_rule_in_every_case(self, job, noon):
        cases = 0
        untils = (None, noon - SECOND, noon, noon + SECOND)
        for state, attempts, until in product(rules.STATES, range(4), untils):
            if (state == "running") != (until is not None):
                continue
            Job.objects.filter(pk=job.pk).update(
                state=state,
                attempts=attempts,
                lease_until=until,
                lease_owner="w0" if until else "",
                finished_at=None if state in rules.OPEN else noon,
                error_code="e",
            )
            expected = rules.may_claim(rules.Claim(state, attempts, until), at=noon)
            claimed = services.claim(job_id=job.pk, owner="w1", at=noon)
            assert (claimed is not None) == expected, (state, attempts, until)
            cases += 1
        assert cases == 5 * 4 + 3 * 4


class TestHold:
    @pytest.fixture(autouse=True)
    def lease_of_thirty_seconds(self, settings):
        settings.JOB_LEASE_SECONDS = 30

    @pytest.fixture
    def held(self, job, noon):
        return services.claim(job_id=job.pk, owner="w1", at=noon)

    def test_renews_the_lease_with_each_beat(self, held, noon):
        services.beat(job_id=held.pk, owner="w1", at=noon + 20 * SECOND)
        held.refresh_from_db()
        assert held.lease_until == noon + 50 * SECOND
        assert held.heartbeat_at == noon + 20 * SECOND

    def test_writes_the_progress_with_the_lease(self, held, noon):
        services.progress(
            job_id=held.pk, owner="w1", at=noon + SECOND, step="writing", done=2, total=6
        )
        held.refresh_from_db()
        assert (held.step, held.steps_done, held.steps_total) == ("writing", 2, 6)
        assert held.lease_until == noon + 31 * SECOND

    def test_refuses_a_worker_whose_job_another_claimed(self, held, noon):
        services.claim(job_id=held.pk, owner="w2", at=noon + 30 * SECOND)
        with pytest.raises(services.LeaseLost):
            services.beat(job_id=held.pk, owner="w1", at=noon + 31 * SECOND)
        with pytest.raises(services.LeaseLost):
            services.finish(job_id=held.pk, owner="w1", at=noon + 31 * SECOND, result={})
        held.refresh_from_db()
        assert (held.state, held.lease_owner) == ("running", "w2")

    def test_tells_a_worker_that_its_job_was_cancelled(self, held, asker, noon):
        services.cancel(job_id=held.pk, by=asker, at=noon)
        with pytest.raises(services.Cancelled):
            services.progress(job_id=held.pk, owner="w1", at=noon, step="a", done=1, total=2)
        with pytest.raises(services.Cancelled):
            services.finish(job_id=held.pk, owner="w1", at=noon, result={"file": "x"})
        held.refresh_from_db()
        assert (held.state, held.result) == ("cancelled", {})

    def test_finishes_with_the_result(self, held, noon):
        services.progress(job_id=held.pk, owner="w1", at=noon, step="a", done=1, total=4)
        services.finish(job_id=held.pk, owner="w1", at=noon + SECOND, result={"file": "x"})
        held.refresh_from_db()
        assert (held.state, held.result, held.steps_done) == ("done", {"file": "x"}, 4)
        assert (held.finished_at, held.lease_until, held.lease_owner) == (noon + SECOND, None, "")


class TestFail:
    def fail(self, job, at, *, can_help):
        services.claim(job_id=job.pk, owner="w", at=at)
        return services.fail(
            job_id=job.pk, owner="w", at=at, code="broken", message="It broke.", can_help=can_help
        )

    def test_parks_after_the_third_try(self, job, noon):
        states = [self.fail(job, noon, can_help=True) for _ in range(3)]
        assert states == ["queued", "queued", "parked"]
        job.refresh_from_db()
        assert (job.error_code, job.error_message, job.finished_at) == (
            "broken",
            "It broke.",
            noon,
        )

    def test_ends_at_once_if_no_try_can_help(self, job, noon):
        assert self.fail(job, noon, can_help=False) == "failed"

    def test_refuses_a_worker_that_holds_nothing(self, job, noon):
        with pytest.raises(services.LeaseLost):
            services.fail(job_id=job.pk, owner="w", at=noon, code="c", message="m", can_help=True)


class TestCancelAndRetry:
    def test_cancels_what_waits(self, job, asker, noon):
        services.cancel(job_id=job.pk, by=asker, at=noon)
        job.refresh_from_db()
        assert (job.state, job.finished_at) == ("cancelled", noon)

    def test_refuses_to_cancel_what_is_over(self, job, asker, noon):
        stop(job, "done", noon)
        with pytest.raises(RuleBroken) as refusal:
            services.cancel(job_id=job.pk, by=asker, at=noon)
        assert refusal.value.code == "job-over"

    @pytest.mark.parametrize("verb", [services.cancel, services.retry])
    def test_refuses_a_stranger(self, job, stranger, noon, verb):
        with pytest.raises(NotAllowed) as refusal:
            verb(job_id=job.pk, by=stranger, at=noon)
        assert refusal.value.code == "job-not-yours"
        job.refresh_from_db()
        assert job.state == "queued"

    def test_tries_a_parked_job_again_from_the_start(self, job, asker, noon):
        stop(job, "parked", noon)
        services.retry(job_id=job.pk, by=asker, at=noon + SECOND)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.queued_at) == ("queued", 0, noon + SECOND)
        assert job.payload == {"steps": 3, "seconds": 0}

    def test_refuses_to_try_again_what_waits(self, job, asker, noon):
        with pytest.raises(RuleBroken) as refusal:
            services.retry(job_id=job.pk, by=asker, at=noon)
        assert refusal.value.code == "job-not-stopped"

    def test_lets_the_system_cancel_anything(self, job, noon):
        services.cancel(job_id=job.pk, by=None, at=noon)
        job.refresh_from_db()
        assert job.state == "cancelled"


class TestSweep:
    @pytest.fixture(autouse=True)
    def lease_of_thirty_seconds(self, settings):
        settings.JOB_LEASE_SECONDS = 30

    def test_leaves_a_live_lease_alone(self, job, noon):
        services.claim(job_id=job.pk, owner="w", at=noon)
        assert services.sweep(at=noon + 29 * SECOND) == services.Swept(0, 0, 0)

    def test_queues_and_rings_at_once_for_a_job_whose_worker_died(self, job, noon):
        services.claim(job_id=job.pk, owner="w", at=noon)
        assert services.sweep(at=noon + 30 * SECOND) == services.Swept(1, 0, 1)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.error_code) == ("queued", 1, "worker-lost")
        assert job.rung_at == noon + 30 * SECOND
        assert services.sweep(at=noon + 45 * SECOND) == services.Swept(0, 0, 0)

    def test_parks_a_job_that_killed_three_workers(self, job, noon):
        at, swept = noon, []
        for _ in range(3):
            services.claim(job_id=job.pk, owner="w", at=at)
            at += 30 * SECOND
            swept.append(services.sweep(at=at))
        assert [(each.requeued, each.parked) for each in swept] == [(1, 0), (1, 0), (0, 1)]
        job.refresh_from_db()
        assert job.state == "parked"
        assert f"J{job.pk}-3" in job.error_message
        assert services.claim(job_id=job.pk, owner="w", at=at) is None

    def test_rings_again_after_half_a_minute(self, job, noon):
        assert services.sweep(at=noon + 29 * SECOND).rung == 0
        assert services.sweep(at=noon + 30 * SECOND).rung == 1
        assert services.sweep(at=noon + 59 * SECOND).rung == 0
        assert services.sweep(at=noon + 60 * SECOND).rung == 1

    def test_waits_half_a_minute_after_an_error(self, job, noon):
        services.claim(job_id=job.pk, owner="w", at=noon)
        services.fail(
            job_id=job.pk,
            owner="w",
            at=noon + 10 * SECOND,
            code="unexpected",
            message="m",
            can_help=True,
        )
        assert services.sweep(at=noon + 39 * SECOND).rung == 0
        assert services.sweep(at=noon + 40 * SECOND).rung == 1

    def test_rings_for_at_most_a_hundred(self, asker, noon):
        Job.objects.bulk_create(
            Job(kind="rehearsal", key=str(number), queued_at=noon) for number in range(101)
        )
        assert services.sweep(at=noon + 60 * SECOND).rung == 100
