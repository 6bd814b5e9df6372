"""The scenarios of jobs within the server's own process, on SQLite and without a broker."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from drill_site import Site, embedded_site
from job_scenarios import Scenarios

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def site(
    migrated: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("embedded")
    migrated(folder)
    with embedded_site(folder) as made:
        made.open()
        yield made


class TestEmbedded(Scenarios):
    """All of them."""
