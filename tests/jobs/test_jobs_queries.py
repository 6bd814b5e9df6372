from datetime import timedelta

import pytest
from django.utils.translation import override

from jobs import queries, services
from jobs.models import Job

SECOND = timedelta(seconds=1)


class TestStatus:
    def test_is_for_the_person_who_asked(self, job, asker, noon):
        status = queries.status(job_id=job.pk, user=asker, at=noon)
        assert (status.state, status.title, status.percent) == ("queued", "Rehearsal", None)
        assert status.sentence == "The work waits for a free worker."

    def test_hides_the_job_from_a_stranger(self, job, stranger, noon):
        with pytest.raises(Job.DoesNotExist):
            queries.status(job_id=job.pk, user=stranger, at=noon)

    def test_says_that_the_line_is_down_when_no_ring_went_out(self, job, asker, noon):
        status = queries.status(job_id=job.pk, user=asker, at=noon + 5 * SECOND)
        assert status.sentence == (
            "The line to the workers is down at the moment. The work is kept and starts by "
            "itself when the line is back."
        )

    def test_says_that_a_worker_is_awaited_when_the_ring_went_out(self, job, asker, noon):
        services.sweep(at=noon + 30 * SECOND)
        status = queries.status(job_id=job.pk, user=asker, at=noon + 40 * SECOND)
        assert status.sentence == "The work waits for a free worker."

    def test_counts_steps(self, job, asker, noon):
        services.claim(job_id=job.pk, owner="w", at=noon)
        services.progress(job_id=job.pk, owner="w", at=noon, step="rehearsing", done=2, total=3)
        status = queries.status(job_id=job.pk, user=asker, at=noon)
        assert (status.step_label, status.percent) == ("Rehearsing", 66)
        assert status.sentence == "2 of 3 steps are done."
        assert (status.is_over, status.may_cancel, status.may_retry) == (False, True, False)

    def test_tells_what_went_wrong(self, job, asker, noon):
        services.claim(job_id=job.pk, owner="w", at=noon)
        services.fail(
            job_id=job.pk, owner="w", at=noon, code="c", message="No figures.", can_help=False
        )
        status = queries.status(job_id=job.pk, user=asker, at=noon)
        assert (status.state_label, status.sentence) == ("Could not be done", "No figures.")
        assert (status.is_over, status.may_cancel, status.may_retry) == (True, False, True)

    def test_is_one_query(self, job, asker, noon, django_assert_num_queries):
        with django_assert_num_queries(1):
            queries.status(job_id=job.pk, user=asker, at=noon)

    def test_can_be_read_in_every_language(self, job, noon):
        for language in ("ar", "zh", "en", "fr", "ru", "es"):
            with override(language):
                assert queries.status_of(job, at=noon).sentence


class TestBacklog:
    def test_is_empty_without_jobs(self, db, noon):
        assert queries.backlog(at=noon) == queries.Backlog(0, 0, 0, None)

    def test_tells_how_long_the_oldest_waits(self, job, noon, django_assert_num_queries):
        Job.objects.create(kind="rehearsal", key="later", queued_at=noon + 20 * SECOND)
        running = Job.objects.create(kind="rehearsal", key="running", queued_at=noon - SECOND)
        services.claim(job_id=running.pk, owner="w", at=noon)
        with django_assert_num_queries(1):
            found = queries.backlog(at=noon + 60 * SECOND)
        assert found == queries.Backlog(2, 1, 0, 60 * SECOND)
