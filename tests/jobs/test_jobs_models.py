import pytest
from django.db import IntegrityError, transaction

from jobs.models import Job


def refused(job: Job, **changes: object) -> str:
    """What the database says to a change written behind the back of the services."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**changes)
    return str(refusal.value)


class TestConstraints:
    def test_refuses_a_second_job_of_the_same_kind_and_key(self, job, noon):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(kind=job.kind, key=job.key, queued_at=noon)

    def test_allows_the_same_key_for_another_kind(self, job, noon):
        assert Job.objects.create(kind="other", key=job.key, queued_at=noon).pk != job.pk

    def test_refuses_an_unknown_state(self, job, noon):
        # "asleep" is no open state, so give it an end: only the list of states is broken.
        assert "job_state_known" in refused(job, state="asleep", finished_at=noon)

    def test_refuses_more_steps_done_than_there_are(self, job):
        assert "job_steps_within_total" in refused(job, steps_done=4, steps_total=3)

    def test_refuses_a_fourth_try(self, job):
        assert "job_attempts_within_cap" in refused(job, attempts=4)

    def test_refuses_to_run_without_a_lease(self, job):
        assert "job_lease_while_running" in refused(job, state="running")

    def test_refuses_to_run_for_nobody(self, job, noon):
        assert "job_lease_while_running" in refused(job, state="running", lease_until=noon)

    def test_refuses_a_lease_on_a_waiting_job(self, job, noon):
        assert "job_lease_while_running" in refused(job, lease_owner="w", lease_until=noon)

    @pytest.mark.parametrize("state", ["done", "cancelled"])
    def test_refuses_an_end_without_its_time(self, job, state):
        assert "job_finished_has_time" in refused(job, state=state)

    def test_refuses_an_end_for_a_waiting_job(self, job, noon):
        assert "job_finished_has_time" in refused(job, finished_at=noon)

    @pytest.mark.parametrize("state", ["failed", "parked"])
    def test_refuses_a_failure_without_a_reason(self, job, noon, state):
        assert "job_failure_has_reason" in refused(job, state=state, finished_at=noon)

    def test_keeps_the_person_who_asked(self, job, asker):
        with pytest.raises(IntegrityError):
            asker.delete()


class TestLabels:
    def test_has_a_label_for_each_state(self):
        assert [str(label) for label in Job.State.labels] == [
            "Waiting to start",
            "Under way",
            "Done",
            "Could not be done",
            "Cancelled",
            "Set aside after several tries",
        ]

    def test_names_itself_by_kind_and_key(self, job):
        assert str(job) == "rehearsal drill"
