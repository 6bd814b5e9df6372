"""The scenarios of jobs with Celery workers, on Redis and a PostgreSQL database of their own."""

import os
from collections.abc import Iterator

import pytest
from drill_site import Site, celery_site, own_broker
from job_scenarios import Scenarios

pytestmark = [pytest.mark.services, pytest.mark.drill]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder, database = tmp_path_factory.mktemp("celery"), f"habitat_jobs_{os.getpid()}"
    with celery_site(folder, database, own_broker(plus=2)) as made:
        made.open()
        made.do("migrate", app="jobs")
        yield made


class TestCelery(Scenarios):
    """All of them, and one more."""

    def test_one_worker_for_both_queues_lets_an_import_in_between_two_reports(
        self, site: Site, tell
    ) -> None:
        site.start()
        seconds, between = self.let_an_import_in(site)
        tell(
            "check 44: Celery, one worker for both queues, 50 reports of 0.4 s: an import began "
            f"after {seconds:.2f} s and {between} reports"
        )
        assert between <= 1
