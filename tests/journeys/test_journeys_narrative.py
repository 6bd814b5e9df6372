"""Writing a report in the browser: text that saves itself, figures in sentences, what changed since.

The sections of the report on 2018-2019 are opened once; each test writes in one of its own.
"""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import ClassVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState, expect
from sites import ROOT
from visitors import Site, Visitor

DRAFT = "/en/reports/biennial-progress-2018-2019/draft/"
# Said by the browser of answers that the page itself explains: 401, 409, 423, no line.
EXPECTED = "Failed to load resource"
CORRECT = """
from datetime import timedelta
from django.utils import timezone
from indicators.models import Figure
from indicators.services.corrections import correct_figure
from indicators.services.entry import Typed
from organization.models import User

figure = Figure.objects.get(
    indicator__code="LS1.1", period__code="2017", office__code="OED"
)
correct_figure(
    figure=figure, typed=Typed(value=str(int(figure.value) + 1), version=figure.version),
    language="en", reason="One report came late.",
    by=User.objects.get(email="qa@demo.example.org"), at=timezone.now(),
)
"""


class Writer:
    """A person who writes with scripts on; signs in once for all tests."""

    sessions: ClassVar[dict[str, StorageState]] = {}

    def __init__(self, browser: Browser, site: Site, name: str, path: str) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 1000}, storage_state=self.sessions.get(name)
        )
        self.visitor = Visitor(self.context, site)
        if name not in self.sessions:
            self.visitor.sign_in(name)
            self.sessions[name] = self.context.storage_state()
        self.page: Page = self.visitor.go(path)

    @property
    def box(self) -> Locator:
        return self.page.locator("textarea#body")

    @property
    def said(self) -> Locator:
        return self.page.locator("#said")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def writes(self, text: str) -> None:
        """Types and waits until the server has it."""
        self.box.fill(text)
        expect(self.said).to_contain_text("Saved at")

    def surprises(self) -> list[str]:
        return [text for text in self.visitor.complaints if EXPECTED not in text]


@pytest.fixture(scope="module")
def opened(browser: Browser, site: Site) -> None:
    """The report editor opens the sections for writing."""
    editor = Writer(browser, site, "editor", DRAFT)
    editor.button("Open the sections for writing").click()
    expect(editor.page.locator(".alert.message")).to_contain_text("10 sections are open")
    editor.context.close()


@pytest.fixture
def writer(browser: Browser, site: Site, opened: None) -> Iterator[Callable[..., Writer]]:
    """Opens a section for as many people as are needed."""
    people: list[Writer] = []

    def open_section(name: str, code: str) -> Writer:
        people.append(Writer(browser, site, name, f"{DRAFT}{code}/"))
        return people[-1]

    yield open_section
    for person in people:
        person.context.close()
        assert person.surprises() == []


def stored(site: Site, code: str) -> str:
    """What the database holds for the English text of a section."""
    with sqlite3.connect(f"file:{site.data}/habitat.sqlite3?mode=ro", uri=True) as database:
        found = database.execute(
            "SELECT t.body FROM reporting_sectiontext t"
            " JOIN reporting_section s ON s.id = t.section_id"
            " JOIN reporting_report r ON r.id = s.report_id"
            " WHERE r.slug = 'biennial-progress-2018-2019' AND s.code = ? AND t.language = 'en'",
            [code],
        ).fetchone()
    return str(found[0]) if found else ""


def correct_a_figure(site: Site) -> None:
    """The quality assurance officer corrects an approved figure, in another process."""
    environ = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", CORRECT],
        cwd=ROOT,
        env=environ | {"HABITAT_DATA_DIR": str(site.data)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


class TestASectionFromTheFirstWordToAcceptance:
    def test_saves_itself_binds_a_figure_and_says_who_changed_it(self, writer, site):
        ana = writer("mod.enter", "support")
        ana.writes("The office served ")
        expect(ana.page.locator("#preview .doc")).to_contain_text("The office served")
        assert stored(site, "support") == "The office served "

        ana.box.press("End")
        ana.box.press_sequentially("[[LS1.1@2017:ac")
        ana.page.locator("#found [data-reference='LS1.1@2017:actual']").wait_for()
        ana.box.press("ArrowDown")
        ana.page.keyboard.press("Enter")
        expect(ana.box).to_have_value("The office served [[LS1.1@2017:actual]]")
        ana.box.press_sequentially(" offices.")
        expect(ana.page.locator("#preview a.bf")).to_have_text("14")
        expect(ana.said).to_contain_text("Saved at")
        assert stored(site, "support") == "The office served [[LS1.1@2017:actual]] offices."

        correct_a_figure(site)
        ana.page.reload()
        expect(ana.page.locator("#preview .para.is-stale a.bf.stale")).to_contain_text("now 15")
        stale = ana.page.locator("#stale")
        expect(stale).to_contain_text("correction by Quality assurance officer")
        expect(stale).to_contain_text("One report came late.")

        ana.button("Send for clearance").click()
        expect(ana.page.get_by_role("alert").first).to_contain_text("need you first")
        ana.button("I have looked: use the new figures").click()
        expect(ana.page.locator("#preview a.bf")).to_have_text("15")
        ana.button("Send for clearance").click()
        expect(ana.page.locator(".acts .tag")).to_have_text("In clearance")
        expect(ana.box).to_have_count(0)

        eli = writer("editor", "support")
        eli.button("Accept the section").click()
        expect(eli.page.locator(".acts .tag")).to_have_text("Cleared")

    def test_inserts_footnotes(self, writer, site):
        ana = writer("hsub.enter", "FA5")
        ana.writes("A law.")
        ana.button("Footnote").click()
        ana.page.keyboard.type("Resolution 24/15")
        expect(ana.page.locator("#preview .notes")).to_contain_text("Resolution 24/15")
        assert stored(site, "FA5") == "A law.[^1]\n\n[^1]: Resolution 24/15"


class TestNothingTypedIsLost:
    def test_while_the_line_is_down(self, writer, site):
        ana = writer("ueb.enter", "FA3")
        ana.context.set_offline(True)
        ana.box.fill("Typed on the way.")
        expect(ana.said).to_contain_text("Kept on this device")
        ana.context.set_offline(False)
        expect(ana.said).to_contain_text("Saved at")
        assert stored(site, "FA3") == "Typed on the way."
        assert ana.page.evaluate("Object.keys(localStorage)") == []

    def test_when_the_page_is_opened_again(self, writer, site):
        ana = writer("ueb.enter", "FA3")
        ana.page.route("**/save/", lambda route: route.abort())
        ana.box.fill("Typed before the train.")
        expect(ana.said).to_contain_text("Kept on this device")
        ana.page.unroute("**/save/")
        ana.page.reload()
        expect(ana.box).to_have_value("Typed before the train.")
        expect(ana.said).to_contain_text("Saved at")
        assert stored(site, "FA3") == "Typed before the train."

    def test_when_the_answer_is_lost(self, writer, site):
        ana = writer("ueb.enter", "FA3")

        def lose(route):
            route.fetch()
            route.abort()

        ana.page.route("**/save/", lose)
        ana.box.fill("Arrived without an answer.")
        expect(ana.said).to_contain_text("Kept on this device")
        ana.page.unroute("**/save/")
        ana.box.press_sequentially(" And more.")
        expect(ana.said).to_contain_text("Saved at")
        expect(ana.box).to_have_value(re.compile("And more"))
        assert "And more." in stored(site, "FA3")

    def test_when_the_session_has_ended(self, writer, site):
        ana = writer("rrrb.enter", "FA6")
        ana.context.clear_cookies(name="session")
        ana.box.fill("Typed after the session.")
        expect(ana.said).to_contain_text("Your session has ended")
        with ana.context.expect_page() as news:
            ana.page.get_by_role("link", name="Sign in").click()
        tab = news.value
        tab.locator("input[name=username]").fill("rrrb.enter@demo.example.org")
        tab.locator("input[name=password]").fill(site.password)
        tab.locator("main form button").click()
        tab.wait_for_url(f"**{DRAFT}FA6/")
        expect(tab.locator("textarea#body")).to_have_value("Typed after the session.")
        expect(tab.locator("#said")).to_contain_text("Saved at")
        assert stored(site, "FA6") == "Typed after the session."


class TestTwoWriters:
    def test_get_both_texts_and_lose_neither(self, writer, site):
        ana, eli = writer("ubsb.enter", "FA4"), writer("editor", "FA4")
        ana.writes("Ana wrote this.")
        eli.box.fill("Eli wrote that.")
        expect(eli.page.get_by_role("heading", level=1)).to_have_text(
            "Two people wrote this section at once"
        )
        expect(eli.page.locator("pre")).to_have_text("Ana wrote this.")
        expect(eli.page.locator("textarea")).to_have_value("Eli wrote that.")
        eli.button("Save my text").click()
        expect(eli.box).to_have_value("Eli wrote that.")
        assert stored(site, "FA4") == "Eli wrote that."
        eli.page.get_by_role("link", name="Versions").click()
        expect(eli.page.locator("tbody")).to_contain_text("Ana wrote this.")
        assert eli.page.evaluate("Object.keys(localStorage)") == []


class TestPages:
    def test_have_no_barriers(self, writer):
        eli = writer("editor", "FA1")
        eli.writes("### Laws\n\n[[FA1.1@2017:actual]] *laws*[^1]. [[no]]\n\n- one\n\n[^1]: Note.")
        eli.page.locator("#q").fill("FA1")
        eli.page.locator("#found [data-reference]").first.wait_for()
        for path in (None, DRAFT, f"{DRAFT}FA1/versions/", "/en/sections/", f"{DRAFT}FA1/"):
            if path:
                eli.visitor.go(path)
            for width in (1280, 360):
                eli.page.set_viewport_size({"width": width, "height": 900})
                found = Axe().run(eli.page).response["violations"]
                assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
                assert eli.page.evaluate("document.documentElement.scrollWidth") <= width

    def test_work_without_script(self, visitor, site, opened):
        visitor.sign_in("urcdb.enter")
        page = visitor.go(f"{DRAFT}FA7/")
        page.locator("textarea#body").fill("Typed without script.")
        page.locator("#q").fill("FA7.1")
        page.get_by_role("button", name="Find figures").click()
        expect(page.locator("textarea#body")).to_have_value("Typed without script.")
        expect(page.locator("#found code").first).to_contain_text("[[FA7.1@2018-2019:")
        page.get_by_role("button", name="Share with the office").click()
        expect(page.locator(".acts .tag")).to_have_text("Shared with the office")
        assert stored(site, "FA7") == "Typed without script."
