"""The entry grid with its script: cells that save themselves, two people, a lost line, keys."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import ClassVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState, expect
from visitors import Site, Visitor

GRID = "/en/offices/ROAP/2017/"
# Said by the browser of answers that the page itself explains: 401, 403, 409, 422, no line.
EXPECTED = "Failed to load resource"


class Typist:
    """A person who types in the grid with scripts on; signs in once for all tests."""

    sessions: ClassVar[dict[str, StorageState]] = {}

    def __init__(self, browser: Browser, site: Site, name: str, path: str = GRID) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 1000}, storage_state=self.sessions.get(name)
        )
        self.visitor = Visitor(self.context, site)
        if name not in self.sessions:
            self.visitor.sign_in(name)
            self.sessions[name] = self.context.storage_state()
        self.page: Page = self.visitor.go(path)

    def cell(self, name: str) -> Locator:
        return self.page.locator(f"[id='{name}']")

    def line(self, code: str) -> Locator:
        return self.page.locator(f"[id='{code}-s']")

    def type(self, name: str, text: str) -> None:
        self.cell(name).fill(text)
        self.cell(name).blur()

    def saves(self, name: str, text: str) -> None:
        """Types, leaves the cell and waits until the server has it."""
        with self.page.expect_response("**/cell/") as answer:
            self.type(name, text)
        assert answer.value.status == 200

    def settles(self, code: str) -> None:
        """Waits until nothing of a row is on its way or kept back."""
        cell = self.page.locator(f"[id='row-{code}'] .cell")
        expect(cell).not_to_have_class(re.compile("is-(saving|offline)"))

    def surprises(self) -> list[str]:
        return [text for text in self.visitor.complaints if EXPECTED not in text]


@pytest.fixture
def typist(browser: Browser, site: Site) -> Iterator[Callable[..., Typist]]:
    """Opens the grid for as many people as are needed."""
    people: list[Typist] = []

    def open_grid(name: str = "roap.enter", path: str = GRID) -> Typist:
        people.append(Typist(browser, site, name, path))
        return people[-1]

    yield open_grid
    for person in people:
        person.context.close()
        assert person.surprises() == []


def stored(site: Site, code: str) -> str:
    """What the database holds for a figure of the office in 2017, as one text."""
    with sqlite3.connect(f"file:{site.data}/habitat.sqlite3?mode=ro", uri=True) as database:
        found = database.execute(
            "SELECT f.value, f.numerator, f.denominator FROM indicators_figure f"
            " JOIN indicators_indicator i ON i.id = f.indicator_id"
            " JOIN organization_office o ON o.id = f.office_id"
            " JOIN focus_areas_period p ON p.id = f.period_id"
            " WHERE i.code = ? AND o.code = 'ROAP' AND p.code = '2017'",
            [code],
        ).fetchone()
    return " of ".join(f"{number:g}" for number in found or () if number is not None)


class TestACell:
    def test_saves_itself_when_it_is_left_and_says_when(self, typist, site):
        ana = typist()
        ana.saves("EA3.a.1-value", "82")
        expect(ana.page.locator("#heard")).to_contain_text("Last saved")
        assert stored(site, "EA3.a.1") == "82"
        ana.page.reload()
        expect(ana.cell("EA3.a.1-value")).to_have_value("82")

    def test_says_what_is_wrong_keeps_the_text_and_lets_it_be_restored(self, typist, site):
        ana = typist()
        before = ana.cell("EA4.a.1-value").input_value()
        ana.type("EA4.a.1-value", "about ten")
        expect(ana.line("EA4.a.1")).to_contain_text("“about ten” is not a number.")
        expect(ana.line("EA4.a.1")).to_have_attribute("role", "alert")
        expect(ana.cell("EA4.a.1-value")).to_have_value("about ten")
        expect(ana.cell("EA4.a.1-value")).to_have_attribute("aria-invalid", "true")
        ana.cell("EA4.a.1-value").press("Escape")
        expect(ana.cell("EA4.a.1-value")).to_have_value(before)
        expect(ana.line("EA4.a.1")).not_to_contain_text("not a number")

    def test_of_two_numbers_is_saved_as_one(self, typist, site):
        ana = typist()
        ana.cell("EA2.b.1-numerator").fill("14")
        ana.cell("EA2.b.1-denominator").focus()
        assert stored(site, "EA2.b.1") == "15 of 17"
        ana.saves("EA2.b.1-denominator", "16")
        assert stored(site, "EA2.b.1") == "14 of 16"
        expect(ana.page.locator("[id='row-EA2.b.1']")).to_contain_text("109 %")

    def test_of_two_numbers_is_saved_when_the_next_stop_is_the_link_under_them(self, typist, site):
        ana = typist()
        ana.cell("EA2.b.1-denominator").fill("20")
        with ana.page.expect_response("**/cell/") as answer:
            ana.cell("EA2.b.1-denominator").press("Tab")
            expect(ana.page.locator("[id='row-EA2.b.1'] .st a")).to_be_focused()
        assert answer.value.status == 200
        assert stored(site, "EA2.b.1") == "14 of 20"
        ana.saves("EA2.b.1-denominator", "16")

    def test_typed_twice_in_haste_keeps_the_last(self, typist, site):
        ana = typist()
        ana.page.route(
            "**/cell/", lambda route: (ana.page.wait_for_timeout(150), route.continue_())
        )
        for text in ("71", "72", "73", "74"):
            ana.type("EA3.a.1-value", text)
        ana.settles("EA3.a.1")
        assert stored(site, "EA3.a.1") == "74"


class TestTwoPeople:
    @pytest.mark.parametrize(("choice", "kept"), [("Keep theirs", "31"), ("Use mine", "32")])
    def test_in_one_cell_are_told_and_choose(self, typist, site, choice, kept):
        ana, ben = typist(), typist()
        ana.saves("EA6.a.1-value", "30")
        ben.page.reload()
        ana.saves("EA6.a.1-value", "31")
        ben.type("EA6.a.1-value", "32")
        expect(ben.line("EA6.a.1")).to_contain_text("Programme officer, ROAP changed this to 31 at")
        expect(ben.line("EA6.a.1")).to_contain_text("You typed 32")
        assert stored(site, "EA6.a.1") == "31"
        ben.page.get_by_role("button", name=choice).click()
        expect(ben.cell("EA6.a.1-value")).to_have_value(kept)
        expect(ben.line("EA6.a.1")).not_to_contain_text("You typed")
        ana.page.reload()
        expect(ana.cell("EA6.a.1-value")).to_have_value(kept)
        assert stored(site, "EA6.a.1") == kept


class TestALostLine:
    def test_keeps_what_was_typed_and_sends_it_later(self, typist, site):
        ana = typist()
        ana.context.set_offline(True)
        ana.type("EA7.a.1-value", "41")
        ana.type("EA6.b.1-value", "17")
        expect(ana.line("EA7.a.1")).to_have_text("Kept on this device; sends when the line is back")
        ana.context.set_offline(False)
        ana.settles("EA7.a.1")
        ana.settles("EA6.b.1")
        assert (stored(site, "EA7.a.1"), stored(site, "EA6.b.1")) == ("41", "17")
        assert ana.page.evaluate("Object.keys(localStorage)") == []

    def test_may_last_until_the_page_is_opened_again(self, typist, site):
        ana = typist()
        ana.page.route("**/cell/", lambda route: route.abort())
        ana.type("EA7.a.1-value", "42")
        expect(ana.line("EA7.a.1")).to_contain_text("Kept on this device")
        ana.page.unroute("**/cell/")
        ana.page.reload()
        ana.settles("EA7.a.1")
        expect(ana.cell("EA7.a.1-value")).to_have_value("42")
        assert stored(site, "EA7.a.1") == "42"

    def test_asks_when_a_colleague_changed_the_cell_meanwhile(self, typist, site):
        ana, ben = typist(), typist()
        ana.page.route("**/cell/", lambda route: route.abort())
        ana.type("EA7.a.1-value", "51")
        expect(ana.line("EA7.a.1")).to_contain_text("Kept on this device")
        ben.saves("EA7.a.1-value", "52")
        ana.page.unroute("**/cell/")
        ana.page.reload()
        expect(ana.line("EA7.a.1")).to_contain_text("changed this to 52")
        expect(ana.cell("EA7.a.1-value")).to_have_value("51")
        ana.page.get_by_role("button", name="Keep theirs").click()
        expect(ana.cell("EA7.a.1-value")).to_have_value("52")

    def test_whose_answer_was_lost_is_no_clash_with_oneself(self, typist, site):
        ana = typist()
        lose = {"next": True}

        def answer(route):
            if lose.pop("next", False):
                route.fetch()
                route.abort()
            else:
                route.continue_()

        ana.page.route("**/cell/", answer)
        ana.type("EA6.b.1-value", "18")
        ana.type("EA6.b.1-value", "19")
        ana.settles("EA6.b.1")
        expect(ana.page.get_by_role("button", name="Use mine")).to_have_count(0)
        assert stored(site, "EA6.b.1") == "19"


class TestASessionThatEnded:
    def test_loses_nothing(self, typist, site):
        ana = typist()
        ana.context.clear_cookies(name="session")
        ana.type("EA3.a.1-value", "90")
        expect(ana.line("EA3.a.1")).to_have_text(
            "Kept on this device; sends when you have signed in"
        )
        ana.page.locator("#kept").get_by_role("link", name="Sign in").click()
        ana.page.locator("input[name=username]").fill("roap.enter@demo.example.org")
        ana.page.locator("input[name=password]").fill(site.password)
        ana.page.locator("main form button").click()
        ana.page.wait_for_url(f"**{GRID}")
        expect(ana.cell("EA3.a.1-value")).to_have_value("90")
        ana.settles("EA3.a.1")
        assert stored(site, "EA3.a.1") == "90"

    def test_is_taken_up_when_somebody_signed_in_in_another_window(self, typist, site):
        ana = typist()
        other = ana.context.new_page()
        ana.context.clear_cookies(name="session")
        other.goto(f"{site.address}/en/sign-in/")
        other.locator("input[name=username]").fill("roap.enter@demo.example.org")
        other.locator("input[name=password]").fill(site.password)
        other.locator("main form button").click()
        other.wait_for_url("**/work/")
        ana.type("EA3.a.1-value", "91")
        ana.settles("EA3.a.1")
        expect(ana.page.locator("#heard")).to_contain_text("Last saved")
        assert stored(site, "EA3.a.1") == "91"

    def test_shows_what_one_person_typed_to_nobody_else(self, typist, site):
        ana = typist()
        ana.page.route("**/cell/", lambda route: route.abort())
        ana.type("EA7.a.1-value", "61")
        expect(ana.line("EA7.a.1")).to_contain_text("Kept on this device")
        ana.context.clear_cookies()
        page = ana.visitor.sign_in("roap.approve")
        page.goto(f"{site.address}{GRID}")
        expect(page.locator("main")).not_to_contain_text("61")
        assert stored(site, "EA7.a.1") != "61"

    def test_shows_what_can_no_longer_be_entered_until_it_is_forgotten(self, typist, site):
        path = "/en/offices/URCDB/2017/"
        uma = typist("urcdb.enter", path)
        expect(uma.page.locator("main")).to_contain_text("These figures cannot be changed now.")
        uma.page.evaluate(
            """() => localStorage.setItem(
              `figures:${document.getElementById('grid').dataset.person}:URCDB/2017:EA7.a.1`,
              JSON.stringify({version: 1, texts: {value: '77'}}))"""
        )
        uma.page.reload()
        expect(uma.page.locator("#kept")).to_contain_text("could not be saved: EA7.a.1: 77")
        uma.page.get_by_role("button", name="Forget it").click()
        uma.page.reload()
        expect(uma.page.locator("#kept")).to_be_empty()


COPY = """text => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""


class TestKeys:
    def test_move_as_in_a_spreadsheet(self, typist):
        ana = typist()
        ana.cell("EA2.b.1-numerator").focus()
        for key, name in (
            ("ArrowRight", "EA2.b.1-numerator"),  # the text was not selected: to its end first
            ("End", "EA2.b.1-numerator"),
            ("ArrowRight", "EA2.b.1-denominator"),
            ("Enter", "EA3.a.1-value"),
            ("Enter", "EA4.a.1-value"),
            ("Shift+Enter", "EA3.a.1-value"),
            ("ArrowDown", "EA4.a.1-value"),
            ("ArrowUp", "EA3.a.1-value"),
            ("ArrowUp", "EA2.b.1-numerator"),
        ):
            ana.page.keyboard.press(key)
            expect(ana.cell(name)).to_be_focused()

    def test_run_the_other_way_in_arabic(self, typist):
        ana = typist(path=GRID.replace("/en/", "/ar/"))
        ana.cell("EA2.b.1-numerator").focus()
        ana.page.keyboard.press("Home")
        ana.page.keyboard.press("ArrowLeft")
        expect(ana.cell("EA2.b.1-denominator")).to_be_focused()
        ana.page.keyboard.press("ArrowRight")
        expect(ana.cell("EA2.b.1-numerator")).to_be_focused()

    def test_undo_saved_changes_one_by_one(self, typist, site):
        ana = typist()
        ana.saves("EA4.a.1-value", "21")
        ana.saves("EA4.a.1-value", "22")
        ana.saves("EA6.a.1-value", "23")
        before = "22"
        for name, text in (("EA6.a.1-value", None), ("EA4.a.1-value", "21")):
            ana.cell("EA4.a.1-value").focus()
            with ana.page.expect_response("**/cell/"):
                ana.page.keyboard.press("Control+z")
            expect(ana.cell(name)).to_be_focused()
            if text:
                expect(ana.cell(name)).to_have_value(text)
        assert stored(site, "EA4.a.1") == "21"
        assert before != stored(site, "EA4.a.1")

    def test_paste_a_block_of_a_spreadsheet(self, typist, site):
        ana = typist()
        ana.cell("EA2.b.1-numerator").focus()
        ana.page.evaluate(COPY, '12\t15\r\n"95"\r\n"a ""few"""\r\n24\r\n')
        expect(ana.page.locator("#heard")).to_have_text("Cells pasted: 5. Saved: 4. Refused: 1.")
        expect(ana.line("EA4.a.1")).to_contain_text('“a "few"” is not a number.')
        assert stored(site, "EA2.b.1") == "12 of 15"
        assert stored(site, "EA3.a.1") == "95"
        assert stored(site, "EA6.a.1") == "24"


class TestTheRowOpened:
    def test_answers_a_question_in_place(self, typist, site):
        ana = typist()
        ana.page.locator("#row-EA3\\.a\\.1 th a").click()
        panel = ana.page.locator("#panel")
        expect(panel.get_by_role("heading", level=2).first).to_be_focused()
        panel.get_by_label("Answer in a sentence").fill("The file is with the ministry.")
        with ana.page.expect_response("**/cell/") as answer:
            panel.get_by_label("What happened").focus()
        assert answer.value.status == 200
        expect(ana.page.locator("#row-EA3\\.a\\.1 .cell")).not_to_have_class("cell is-check")

    def test_opens_under_its_row_on_a_narrow_screen_and_closes(self, typist):
        ana = typist()
        ana.page.set_viewport_size({"width": 360, "height": 800})
        title = ana.page.locator("#row-EA6\\.a\\.1 th a")
        title.click()
        after = ana.page.locator("#row-EA6\\.a\\.1 + #panel-row #panel")
        expect(after).to_be_visible()
        ana.page.get_by_role("button", name="Close").click()
        expect(ana.page.locator("#panel")).to_be_hidden()
        expect(title).to_be_focused()

    def test_takes_a_row_as_not_applicable_and_back(self, typist, site):
        ana = typist()
        ana.page.locator("#row-EA6\\.b\\.1 th a").click()
        box = ana.page.get_by_label("Not applicable to this office in this year")
        box.check()
        ana.page.get_by_label("Reason, if it is not applicable").fill("No programme here.")
        with ana.page.expect_response("**/cell/"):
            ana.page.get_by_role("button", name="Close").click()
        row = ana.page.locator("#row-EA6\\.b\\.1")
        expect(row.locator(".cell")).to_have_class("cell is-na")
        expect(row).to_contain_text("No programme here.")
        assert stored(site, "EA6.b.1") == ""
        row.get_by_role("link", name="Change").click()
        with ana.page.expect_response("**/cell/"):
            ana.page.get_by_label("Not applicable to this office in this year").uncheck()
        ana.page.get_by_role("button", name="Close").click()
        ana.saves("EA6.b.1-value", "18")
        assert stored(site, "EA6.b.1") == "18"


class TestEveryState:
    @pytest.mark.parametrize(("language", "width"), [("en", 1280), ("en", 320), ("ar", 360)])
    def test_is_accessible_and_fits(self, typist, site, language, width):
        ana = typist(path=GRID.replace("/en/", f"/{language}/"))
        ben = typist()
        ben.saves(
            "EA6.a.1-value", "25" if ben.cell("EA6.a.1-value").input_value() != "25" else "26"
        )
        ana.type("EA6.a.1-value", "27")
        expect(ana.page.locator("#row-EA6\\.a\\.1 .is-clash")).to_be_visible()
        ana.type("EA4.a.1-value", "few")
        expect(ana.page.locator("#row-EA4\\.a\\.1 .is-invalid")).to_be_visible()
        ana.page.route("**/cell/", lambda route: route.abort())
        ana.type("EA7.a.1-value", "44")
        expect(ana.page.locator("#row-EA7\\.a\\.1 .is-offline")).to_be_visible()
        ana.page.set_viewport_size({"width": width, "height": 900})
        ana.page.locator("#row-EA3\\.a\\.1 th a").click()
        expect(ana.page.locator("#panel")).to_be_visible()
        assert not ana.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        violations = Axe().run(ana.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:160]) for one in violations] == []
        ana.page.evaluate("localStorage.clear()")
