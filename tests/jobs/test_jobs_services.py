from datetime import timedelta
from itertools import product

import factories
import pytest
from django.db import transaction

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from jobs import bell, registry, rules, services
from jobs.models import Job
from organization.models import Role

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


class TestEnqueueAll:
    @pytest.fixture
    def asked(self):
        return {f"file {number}": {"steps": number} for number in range(3)}

    def test_makes_the_jobs_in_the_order_asked(self, asker, noon, asked):
        jobs = services.enqueue_all(kind="rehearsal", asked=asked, by=asker, at=noon)
        assert [job.payload for job in jobs] == [{"steps": 0}, {"steps": 1}, {"steps": 2}]
        assert {(job.state, job.requested_by) for job in jobs} == {("queued", asker)}

    def test_makes_what_is_not_there_and_starts_what_stopped(self, asker, noon, asked):
        first, second, _third = services.enqueue_all(
            kind="rehearsal", asked=asked, by=asker, at=noon
        )
        stop(first, "parked", noon)
        stop(second, "done", noon)
        again = services.enqueue_all(
            kind="rehearsal", asked=asked | {"new": {}}, by=asker, at=noon + SECOND
        )
        assert [job.state for job in again] == ["queued", "done", "queued", "queued"]
        assert [job.queued_at - noon for job in again] == [SECOND, 0 * SECOND, 0 * SECOND, SECOND]
        assert Job.objects.count() == 4

    def test_rings_once_for_all(
        self, asker, noon, asked, django_capture_on_commit_callbacks, monkeypatch
    ):
        rung = []
        monkeypatch.setattr(
            bell, "ring", lambda job_ids, *, queue: rung.append((list(job_ids), queue)) or 2
        )
        with django_capture_on_commit_callbacks(execute=True):
            jobs = services.enqueue_all(kind="rehearsal", asked=asked, by=asker, at=noon)
        assert rung == [([job.pk for job in jobs], "entry")]
        # Two rings went out; the third job waits for the sweep.
        assert [job.rung_at for job in Job.objects.order_by("pk")] == [noon, noon, None]

    def test_takes_the_same_number_of_queries_for_thirty(
        self, asker, noon, django_assert_num_queries
    ):
        asked = {str(number): {} for number in range(30)}
        with django_assert_num_queries(3 + 2):  # a savepoint around them
            services.enqueue_all(kind="rehearsal", asked=asked, by=asker, at=noon)


class TestQueues:
    @pytest.fixture
    def of_reports(self, db, kinds):
        registry.handler("of-reports", queue="reports")(lambda job, progress: {})

    def test_a_job_rings_where_its_kind_waits(
        self, of_reports, asker, noon, monkeypatch, django_capture_on_commit_callbacks
    ):
        rung = []
        monkeypatch.setattr(bell, "ring", lambda job_ids, *, queue: rung.append(queue) or 1)
        with django_capture_on_commit_callbacks(execute=True):
            for kind in ("of-reports", "rehearsal", "nobody-does-this"):
                services.enqueue(kind=kind, key="one", payload={}, by=asker, at=noon)
        assert rung == ["reports", "entry", "entry"]

    def test_the_sweep_rings_in_each_whatever_waits_in_the_other(self, of_reports, noon):
        for kind, number in (("of-reports", 150), ("rehearsal", 2)):
            for each in range(number):
                Job.objects.create(kind=kind, key=str(each), queued_at=noon)
        assert services.sweep(at=noon + 60 * SECOND).rung == 100 + 2
        assert Job.objects.filter(kind="rehearsal", rung_at=None).count() == 0
        assert services.sweep(at=noon + 75 * SECOND).rung == 50
        assert not Job.objects.filter(rung_at=None).exists()

    def test_a_job_that_killed_its_worker_comes_after_those_that_waited(self, job, noon):
        other = services.enqueue(kind="rehearsal", key="other", payload={}, by=None, at=noon)
        services.claim(job_id=job.pk, owner="w", at=noon)
        after = noon + timedelta(hours=1)
        for _ in range(2):
            services.sweep(at=after, ring_after=0 * SECOND)
            after += SECOND
        overdue = services._overdue(queue="entry", at=after, ring_after=0 * SECOND)
        assert overdue == [other.pk, job.pk]


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

    @pytest.mark.parametrize("verb", [services.cancel, services.retry])
    def test_opens_to_the_roles_that_the_kind_names(self, asker, noon, kinds, verb):
        registry.handler("steered", steered_by=(Role.REPORT_EDITOR,))(lambda job, progress: {})
        job = services.enqueue(kind="steered", key="one", payload={}, by=asker, at=noon)
        if verb == services.retry:
            stop(job, "failed", noon)
        unit = factories.office("QAU", kind="unit")
        other = factories.person("Max Manager", manager=unit)
        with pytest.raises(NotAllowed) as refusal:
            verb(job_id=job.pk, by=other, at=noon)
        assert "or report editor, can cancel or restart it." in str(refusal.value.message)
        verb(job_id=job.pk, by=factories.person("Eli Editor", report_editor=unit), at=noon)
        job.refresh_from_db()
        assert job.state == ("queued" if verb == services.retry else "cancelled")

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
