"""Reports made within the server's own process, on SQLite and without a broker, and killed over."""

from collections.abc import Iterator

import pytest
from drill_site import Site, embedded_site
from made_database import copy_database
from report_scenarios import LONGEST, ReportSite, Scenarios

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation of its own with the demonstration loaded and no broker."""
    folder = tmp_path_factory.mktemp("reports")
    copy_database(tmp_path_factory, folder)
    with embedded_site(folder, ReportSite) as made:
        made.open()
        yield made


class TestEmbedded(Scenarios):
    """All of them, and one more."""

    def test_a_request_is_kept_while_no_worker_hears_the_bell(self, site: Site) -> None:
        # The server's worker is gone; the page that asked lives in another process.
        turn = {"kind": "annual_progress", "period": "2017"}
        site.do("ask", **turn)
        assert site.states() == ["queued"]
        site.start()
        site.wait(lambda: not site.is_busy(), seconds=LONGEST, each=0.1)
        assert set(site.states()) == {"done"}
