"""Signing in, entering a figure and signing out with the keyboard alone."""

import re

from playwright.sync_api import Locator, Page, expect
from visitors import DOMAIN, Visitor

SHOWN = """() => {
  const style = getComputedStyle(document.activeElement);
  return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== 'none';
}"""
ON_SCREEN = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
}"""
STOPS = 120


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until the wanted thing has the focus; each stop on the way must show it."""
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(SHOWN), f"no focus to be seen on {where}"
        assert page.evaluate(ON_SCREEN), f"the focus is out of sight on {where}"
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
    raise AssertionError(f"{wanted} was not reached")


class TestWithTheKeyboardAlone:
    def test_the_first_stop_skips_to_the_content(self, visitor: Visitor):
        page = visitor.go("/en/results/")
        skip = page.get_by_role("link", name="Skip to the content")
        tab_to(page, skip)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{visitor.site.address}/en/results/#main")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    def test_a_figure_is_entered_and_saved(self, visitor: Visitor):
        page = visitor.go("/en/sign-in/")
        # The field is focused already, since the page is there for nothing else.
        expect(page.get_by_label("E-mail address")).to_be_focused()
        assert page.evaluate(SHOWN)
        page.keyboard.type(f"erd.enter@{DOMAIN}")
        page.keyboard.press("Tab")
        page.keyboard.type(visitor.site.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("One thing waits for you")

        tab_to(page, page.get_by_role("link", name="Enter figures"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("figures for 2017")

        part = page.locator("[id='LS3.1-numerator']")
        tab_to(page, part)
        page.keyboard.type("117")
        page.keyboard.press("Tab")
        page.keyboard.type("234")
        tab_to(page, page.get_by_role("button", name="Save", exact=True))
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_contain_text("1 of 1 in")
        expect(part).to_have_value("117")

    def test_the_person_signs_out(self, visitor: Visitor):
        page = visitor.sign_in("erd.enter")
        tab_to(page, page.locator("details.who summary"))
        page.keyboard.press("Enter")
        tab_to(page, page.get_by_role("button", name="Sign out"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        page.goto(f"{visitor.site.address}/en/work/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    def test_a_year_is_entered_explained_and_handed_in(self, scripted: Visitor):
        page = scripted.go("/en/sign-in/")
        # A busy machine puts the focus into the first field a moment after the page is there.
        expect(page.locator("[name=username]")).to_be_focused()
        page.keyboard.type(f"erd.enter@{DOMAIN}")
        page.keyboard.press("Tab")
        page.keyboard.type(scripted.site.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/work/")
        page.goto(f"{scripted.site.address}/en/offices/ERD/2017/")
        row = page.locator("[id='row-LS3.1']")
        tab_to(page, page.locator("[id='LS3.1-numerator']"))
        with page.expect_response("**/cell/"):
            for text, key in (("199", "Tab"), ("234", "Enter")):
                page.keyboard.press("Control+a")
                page.keyboard.type(text)
                page.keyboard.press(key)
        expect(row).to_contain_text("No evidence is given.")
        submit = page.get_by_role("button", name="Submit")
        expect(submit).to_have_attribute("aria-disabled", "true")
        expect(submit).to_have_accessible_description(re.compile("Before you submit: answer LS3.1"))

        tab_to(page, row.get_by_role("link", name="Answer LS3.1"))
        page.keyboard.press("Enter")
        answer = page.get_by_label("Answer in a sentence").first
        expect(page.locator("#panel-title")).to_be_focused()
        tab_to(page, answer)
        page.keyboard.type("The list is kept by the division.")
        with page.expect_response("**/rows/*"):
            page.keyboard.press("Tab")
        expect(submit).to_have_attribute("aria-disabled", "false")
        tab_to(page, submit)
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_contain_text("Submitted. The approver of your office")
