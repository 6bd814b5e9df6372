"""The HTML file of an issued report, opened from a disk: it needs no site, and axe finds nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request
from visitors import Site
from walk import ISSUED, LANGUAGES, faults


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_stands_alone_and_is_accessible(
    browser: Browser, site: Site, tmp_path: Path, language: str
) -> None:
    context = browser.new_context()
    answer = context.request.get(f"{site.address}/{language}/{ISSUED}{language}.html", max_retries=2)
    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    (tmp_path / "report.html").write_bytes(answer.body())
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []

    def remember(request: Request) -> None:
        asked.append(request.url)

    page.on("request", remember)
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"file://{tmp_path}/report.html")
    assert faults(page, language) == []
    # A figure in a sentence leads to its arithmetic, and from there back to the text.
    page.locator("main .para .bf").first.click()
    assert page.evaluate("document.querySelector(':target').closest('.origins') !== null")
    page.locator(":target .back a").click()
    assert page.evaluate("document.querySelector(':target').closest('main') !== null")
    assert asked == [f"file://{tmp_path}/report.html"]
    assert complaints == []
    context.close()
