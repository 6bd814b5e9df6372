"""Counting an authority: chosen from the list while typing, by keyboard alone; and without script."""

from playwright.sync_api import Page, expect
from visitors import Visitor
from walk import faults

COUNTED = "/en/offices/ROAP/2017/FA2.1/achievements/"


def say_when(page: Page) -> None:
    """Fills in the day and the evidence of the form that has the focus, with the keyboard."""
    expect(page.locator("#known_achieved_on")).to_be_focused()
    page.locator("#known_achieved_on").fill("2017-03-04")
    page.get_by_label("What shows it").first.fill("Council decision 12")


class TestCountingAnAuthority:
    def test_is_chosen_from_the_list_by_keyboard(self, scripted: Visitor):
        page = scripted.sign_in("roap.enter")
        scripted.go(COUNTED)
        field = page.get_by_role("combobox", name="Name or part of the name")
        expect(field).to_have_attribute("aria-expanded", "false")
        field.focus()
        page.keyboard.type("municipality 00")
        options = page.get_by_role("listbox", name="In the register").get_by_role("option")
        expect(options.first).to_contain_text("Invented municipality 001")
        expect(field).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        expect(options.first).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", "q-list-0")
        assert faults(page, "en") == []
        page.keyboard.press("Escape")
        expect(field).to_have_attribute("aria-expanded", "false")
        page.keyboard.press("ArrowDown")
        expect(options.first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        say_when(page)
        chosen = page.get_by_role("radio", name="Invented municipality 001, local")
        expect(chosen).to_be_checked()
        page.get_by_role("button", name="Count this authority").press("Enter")
        expect(page.get_by_text("Invented municipality 001 is counted for FA2.1.")).to_be_visible()

    def test_a_name_that_looks_alike_is_asked_about_without_script(self, visitor: Visitor):
        page = visitor.sign_in("roap.enter")
        visitor.go(f"{COUNTED}?q=Invented+Town+005")
        page.get_by_text("It is not in the register: add a new authority").click()
        form = page.locator("#new")
        form.get_by_label("Name of the authority").fill("Town of Invented 005")
        form.get_by_label("Type").select_option("local")
        form.get_by_label("Country or area").select_option(label="Demonstration country A (invented)")
        form.get_by_label("Day on which it was in place").fill("2017-03-04")
        form.get_by_label("What shows it").fill("Council decision 13")
        form.get_by_role("button", name="Register and count").click()
        asked = page.get_by_role("group", name="Is it one of these?")
        expect(asked.get_by_role("radio").first).to_be_focused()
        asked.get_by_role("radio", name="Invented municipality 005, local").check()
        page.get_by_role("button", name="Register and count").click()
        expect(page.get_by_text("Invented municipality 005 is counted for FA2.1.")).to_be_visible()
        # The browser says that a form came back (422); that is what was asked for.
        assert ["422" in complaint for complaint in visitor.complaints] == [True]
        visitor.complaints.clear()

    def test_the_officer_merges_two_entries_and_takes_it_back(self, visitor: Visitor):
        page = visitor.sign_in("qa")
        visitor.go("/en/authorities/?q=Invented+municipality+009")
        page.get_by_role("link", name="Invented municipality 009").click()
        page.get_by_label("Compare with another entry").fill("municipality 010")
        page.get_by_role("button", name="Look in the register").click()
        page.get_by_label("Reason").first.fill("One council.")
        page.get_by_role(
            "button", name="Merge Invented municipality 009 into Invented municipality 010"
        ).click()
        expect(page.get_by_text("This entry is merged.")).to_be_visible()
        page.get_by_label("Reason").first.fill("Two councils after all.")
        page.get_by_role("button", name="Undo the merge").click()
        expect(page.get_by_text("Invented municipality 009 counts by itself again.")).to_be_visible()
