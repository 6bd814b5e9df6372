"""The board and its forms with the keyboard alone, a list brought in, and lessons beside the work."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from test_journeys_keyboard import tab_to
from visitors import Visitor, press, row
from walk import LANGUAGES, faults

BOARD = "/en/recommendations/"
OWNED = "/en/recommendations/2-2017-7/"
ACTION = "Train the staff concerned in all offices"
CLOSED = "Name one person in each regional office who collects practices"
LISTS = "recommendations/lists/"
RIGHT = ("Name who answers for each part of the plan", "Report on the plan in one document")
WRONG = "Ask an office that there is not"
ENTRY = "/en/offices/URCDB/2017/FA7.1/"
DRAFT = "/en/reports/biennial-progress-2016-2017/draft/FA7/"
LESSON = "Invented: measure a street before it is planned"
PRACTICE = "Residents draw their street before planners do"


def a_list(last: str) -> FilePayload:
    """Three recommendations of an evaluation; the second one is put to no office that there is."""
    lines = (
        "Evaluation;Number;Recommendation;Office;Response",
        f"1/2012;1;{RIGHT[0]};PD;accepted",
        f"1/2012;2;{WRONG};NOBODY;accepted",
        f"1/2012;3;{last};PD;",
    )
    content = "\r\n".join(lines).encode()
    return {"name": "recommendations.csv", "mimeType": "text/csv", "buffer": content}


def upload(page: Page, last: str) -> None:
    """Sends a list and waits for what it would do. The same one is not saved twice."""
    page.locator("input[type=file]").set_input_files(a_list(last))
    page.locator("main form button.primary").click()
    page.wait_for_url("**/recommendations/lists/*/")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


class TestWithTheKeyboardAlone:
    def test_the_board_is_filtered_by_words_state_and_day(self, people):
        page = people["the public"].go(BOARD)
        tab_to(page, page.get_by_label("Words"))
        page.keyboard.type("collects practices")
        tab_to(page, page.get_by_label("State"))
        page.keyboard.type("Closed")
        tab_to(page, page.get_by_label("As it stood on"))
        page.keyboard.type("02022018")
        tab_to(page, page.get_by_role("button", name="Show"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("at the end of 2 February 2018")
        expect(heading(page)).to_have_text("One recommendation fits")
        expect(page.get_by_label("State")).to_have_value("closed")
        expect(row(page, CLOSED)).to_contain_text("Closed, verified by the Evaluation Unit on")
        tab_to(page, page.get_by_role("link", name=CLOSED))
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_contain_text("What is recommended")
        expect(page.get_by_role("main")).to_contain_text(CLOSED)

    def test_a_report_is_refused_put_right_and_kept(self, people):
        page = people["urcdb.enter"].go(OWNED)
        tab_to(page, row(page, ACTION).get_by_role("link", name="Report"))
        page.keyboard.press("Enter")
        expect(heading(page)).to_have_text("Report on the action")
        done = page.get_by_label("What was done")
        tab_to(page, page.get_by_label("State"))
        page.keyboard.type("In progress: l")
        tab_to(page, page.get_by_role("button", name="Report", exact=True))
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text("Write what was done.")
        expect(done).to_have_attribute("aria-invalid", "true")
        expect(done).to_have_accessible_description(re.compile("Write what was done."))
        expect(page.get_by_label("State")).to_have_value("largely-done")
        tab_to(page, done)
        page.keyboard.type("Two of three courses were held.")
        tab_to(page, page.get_by_role("button", name="Report", exact=True))
        page.keyboard.press("Enter")
        expect(row(page, ACTION)).to_contain_text("In progress: largely done")
        expect(page.get_by_role("main")).to_contain_text("Two of three courses were held.")


class TestAListOfRecommendations:
    def test_names_the_row_and_column_that_is_wrong_and_saves_the_others(self, people):
        page = people["evaluation"].go(BOARD)
        page.get_by_role("link", name="Bring in a list").click()
        upload(page, RIGHT[1])
        expect(heading(page)).to_have_text("One row is refused; nothing is saved yet")
        expect(row(page, WRONG)).to_contain_text("Row 3, column D (Office)")
        assert self.stored(people["the public"]) == []
        press(page, "Save the 2 rows that are right")
        expect(heading(page)).to_have_text("Saved: two rows")
        assert self.stored(people["the public"]) == sorted(RIGHT)

    def stored(self, visitor: Visitor) -> list[str]:
        """The texts of the recommendations of this evaluation that the public sees."""
        page = visitor.go(f"{BOARD}?view=list&state=all&evaluation=1-2012")
        listed = page.locator("tbody th a").filter(has_text=re.compile("|".join((*RIGHT, WRONG))))
        return sorted(listed.all_inner_texts())

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_sound_before_it_is_saved(self, scripted, language):
        page = scripted.sign_in("evaluation", language)
        scripted.go(f"/{language}/{LISTS}")
        upload(page, f"Write it in the language {language}")
        assert faults(page, language) == []


class TestALesson:
    def test_is_proposed_published_found_and_retired(self, people):
        path = self.an_office_proposes_it(people["urcdb.enter"])
        assert people.status("the public", path) == 404
        assert people.status("committee", path) == 404
        page = people["evaluation"].go(path)
        press(page, "Publish")
        expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
        public = people["the public"].go("/en/lessons/")
        public.get_by_label("Words").fill("measured TWICE")
        press(public, "Show")
        public.get_by_role("link", name=LESSON).click()
        expect(heading(public)).to_have_text(LESSON)
        press(page, "Retire")
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Reason for retiring it").fill("Streets are measured from the air now.")
        press(page, "Retire")
        expect(page.get_by_role("main")).to_contain_text("Streets are measured from the air now.")
        assert people.status("the public", path) == 404

    def an_office_proposes_it(self, visitor: Visitor) -> str:
        """The path of the draft."""
        page = visitor.go("/en/lessons/")
        page.get_by_role("link", name="Propose a lesson").click()
        page.get_by_label("Title").fill(LESSON)
        page.get_by_label("Context").fill("In nine invented streets.")
        page.get_by_label("Lesson or good practice").fill("Measured twice, planned once.")
        press(page, "Keep the draft")
        expect(page.get_by_role("alert")).to_have_text(
            "Write what shows it: a finding, a figure, a report."
        )
        expect(page.get_by_label("Title")).to_have_value(LESSON)
        page.get_by_label("Evidence").fill("The drawings of nine streets, invented.")
        press(page, "Keep the draft")
        expect(page.get_by_role("main")).to_contain_text("This is a draft.")
        return page.url.removeprefix(visitor.site.address)


class TestLessonsThatFit:
    @pytest.mark.parametrize(("name", "path"), [("urcdb.enter", ENTRY), ("editor", DRAFT)])
    def test_come_beside_the_work_when_they_are_asked_for(self, scripted, name, path):
        page = scripted.sign_in(name)
        scripted.go(path)
        beside = page.get_by_role("complementary").get_by_role("group")
        offered = beside.filter(has_text="Lessons that fit")
        expect(offered.get_by_role("link", name=PRACTICE)).to_have_count(0)
        with page.expect_response("**/lessons/offered/*"):
            offered.get_by_text("Lessons that fit", exact=True).click()
        lesson = offered.get_by_role("link", name=PRACTICE)
        expect(lesson).to_be_visible()
        assert faults(page, "en") == []
        lesson.click()
        expect(heading(page)).to_have_text(PRACTICE)

    def test_have_a_page_for_those_without_script(self, people):
        page = people["urcdb.enter"].go(ENTRY)
        page.get_by_text("Lessons that fit", exact=True).click()
        page.get_by_role("link", name="Open the lessons that fit").click()
        expect(page.get_by_role("link", name=PRACTICE)).to_be_visible()
