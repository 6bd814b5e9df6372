"""Reports made within the server's own process, on SQLite and without a broker, and killed over."""

from collections.abc import Iterator

import pytest
from drill_site import Site, embedded_site
from report_scenarios import ReportSite, Scenarios

pytestmark = pytest.mark.drill

LINE_DOWN = "The line to the workers is down at the moment."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation of its own with the demonstration loaded and no broker."""
    with embedded_site(tmp_path_factory.mktemp("reports"), ReportSite) as made:
        made.open()
        made.do("fill")
        yield made


class TestEmbedded(Scenarios):
    """All of them, and one more."""

    def test_a_request_is_kept_while_no_worker_hears_the_bell(self, site: Site) -> None:
        # The server's worker is gone; the page that asked lives in another process.
        turn = {"kind": "annual_progress", "period": "2017"}
        site.do("ask", **turn)
        assert site.states() == ["queued"]
        site.start()
        site.wait(lambda: not site.is_busy())
        assert set(site.states()) == {"done"}
