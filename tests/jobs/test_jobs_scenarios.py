"""The scenarios of jobs within the server's own process, on SQLite and without a broker."""

import pytest
from drill_site import Site
from job_scenarios import Scenarios

pytestmark = pytest.mark.drill


@pytest.fixture
def site(embedded: Site) -> Site:
    return embedded


class TestEmbedded(Scenarios):
    """All of them."""
