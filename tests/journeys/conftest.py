"""A real site in its own processes, and Chromium to walk it.

The site is what `make demo` makes: set up once, in a folder of its own, and served by gunicorn.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sites import served
from visitors import People, Site, Visitor

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser."""
    for item in items:
        if ROOT / "tests" / "journeys" in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all journeys but those that need it untouched."""
    with served(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    # A machine that does other work as well is slow, not wrong.
    expect.set_options(timeout=20_000)
    path = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    """Somebody without an account, with scripts switched off: nothing may need them."""
    context = browser.new_context(java_script_enabled=False)
    person = Visitor(context, site)
    yield person
    context.close()
    assert person.complaints == []


@pytest.fixture
def scripted(browser: Browser, site: Site) -> Iterator[Visitor]:
    """Somebody with scripts, as axe needs them."""
    context = browser.new_context()
    person = Visitor(context, site)
    yield person
    context.close()
    assert person.complaints == []


@pytest.fixture
def people(browser: Browser, site: Site) -> Iterator[People]:
    """Each person at a browser of their own, with scripts switched off."""
    found = People(browser, site)
    yield found
    found.leave()
