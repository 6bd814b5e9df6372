from datetime import UTC, datetime, timedelta

import pytest

from jobs import rules

NOON = datetime(2015, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class TestLease:
    def test_ends_a_lease_after_its_length(self):
        until = rules.lease_end(at=NOON, lease=timedelta(seconds=30))
        assert until == datetime(2015, 3, 2, 12, 0, 30, tzinfo=UTC)

    def test_refuses_a_lease_of_no_length(self):
        with pytest.raises(ValueError, match="longer than nothing"):
            rules.lease_end(at=NOON, lease=timedelta(0))

    def test_beats_three_times_a_lease(self):
        assert rules.heartbeat_interval(timedelta(seconds=30)) == timedelta(seconds=10)

    def test_holds_until_the_moment_before_its_end(self):
        assert not rules.lease_expired(lease_until=NOON, at=NOON - SECOND)

    def test_has_expired_at_its_very_end(self):
        assert rules.lease_expired(lease_until=NOON, at=NOON)

    def test_holds_nothing_without_an_end(self):
        assert rules.lease_expired(lease_until=None, at=NOON)


class TestMayClaim:
    @pytest.mark.parametrize(
        ("state", "attempts", "until", "expected"),
        [
            ("queued", 0, None, True),
            ("queued", 2, None, True),
            ("queued", 3, None, False),
            ("running", 1, NOON + SECOND, False),
            ("running", 1, NOON, True),
            ("running", 3, NOON, False),
            ("done", 1, None, False),
            ("failed", 1, None, False),
            ("cancelled", 1, None, False),
            ("parked", 3, None, False),
        ],
    )
    def test_takes_what_waits_or_was_left(self, state, attempts, until, expected):
        assert rules.may_claim(rules.Claim(state, attempts, until), at=NOON) is expected


class TestAfterFailure:
    @pytest.mark.parametrize(
        ("attempts", "can_help", "expected"),
        [
            (1, True, "queued"),
            (2, True, "queued"),
            (3, True, "parked"),
            (1, False, "failed"),
            (3, False, "failed"),
        ],
    )
    def test_tries_three_times_what_another_try_can_mend(self, attempts, can_help, expected):
        assert rules.after_failure(attempts=attempts, can_help=can_help) == expected


class TestReference:
    def test_names_the_job_and_its_try(self):
        assert rules.reference(job_id=17, attempts=2) == "J17-2"
