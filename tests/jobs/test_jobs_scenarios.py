"""The scenarios of jobs within the server's own process, on SQLite and without a broker."""

from collections.abc import Iterator

import pytest
from drill_site import Site, embedded_site
from job_scenarios import Scenarios

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with embedded_site(tmp_path_factory.mktemp("embedded")) as made:
        made.open()
        made.do("migrate", app="jobs")
        yield made


class TestEmbedded(Scenarios):
    """All of them."""
