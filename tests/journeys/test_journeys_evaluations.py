"""The whole way of an evaluation, without scripts: planned, published, answered, done, verified.

The evaluation and all that is said of it are made up here. Its first recommendation is accepted,
acted upon and closed; its second one is rejected.
"""

from datetime import date, timedelta
from io import BytesIO

from playwright.sync_api import FilePayload, Locator, Page, expect
from pypdf import PdfWriter
from visitors import People, Visitor, message, press, row

WORD = "street-markets"
TITLE = "Invented evaluation of street markets"
NUMBER = "91/2018"
CODE = "91-2018"
PLANNED = f"/en/evaluations/{WORD}/"
PUBLISHED = f"/en/evaluations/{CODE}/"
KEPT = f"{PLANNED}edit/"
ACCEPTED = f"/en/recommendations/{CODE}-1/"
REJECTED = f"/en/recommendations/{CODE}-2/"
PLAN = "/en/evaluation-plan/?biennium=2018-2019"
DECISION = "Invented memorandum on markets"
BOARD = "/en/recommendations/"
FINDING = "Traders were asked in two of nine markets."
STALLS = "Ask the traders of every market before its stalls are moved."
FEES = "Abolish all fees of markets."
SAID = "The office will ask the traders of every market."
SPENT = "The fees pay for the cleaning of the markets."
ACTION = "Ask the traders of all nine markets"
REPORTED = "Traders of five markets were asked, invented."
DONE = "Traders of all nine markets were asked, invented."
LINK = "https://www.example.org/markets"


def pdf() -> bytes:
    """A report of one empty page."""
    made, out = PdfWriter(), BytesIO()
    made.add_blank_page(width=595, height=842)
    made.write(out)
    return out.getvalue()


def part(page: Page, name: str) -> Locator:
    """A part of the page on which an evaluation is kept."""
    return page.get_by_role("region", name=name, exact=True)


def content(page: Page) -> Locator:
    return page.get_by_role("main")


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def take(page: Page, step: str) -> None:
    """Opens the form of a step of the only action."""
    row(page, ACTION).get_by_role("link", name=step).click()


def open_here(people: People) -> Locator:
    """What the board says of this evaluation to the public."""
    return heading(people["the public"].go(f"{BOARD}?evaluation={CODE}"))


def open_in_all(people: People) -> int:
    """How many recommendations are open, as the board counts them for the public."""
    ages = people["the public"].go(BOARD).get_by_role("table", name="Open recommendations by late")
    return int(ages.get_by_role("row").last.get_by_role("cell").first.inner_text())


class TestAnEvaluation:
    def test_goes_from_the_plan_to_a_recommendation_that_is_closed(self, people):
        self.the_officer_plans_it(people["evaluation"])
        self.the_plan_is_approved_with_it(people)
        self.the_officer_moves_it_on(people["evaluation"])
        self.the_officer_says_what_it_looked_at_and_found(people["evaluation"])
        self.the_officer_adds_what_it_recommends(people["evaluation"])
        assert people.status("the public", PLANNED) == 404
        assert people.status("the public", f"/en/recommendations/{WORD}-1/") == 404
        before = open_in_all(people)
        self.the_officer_publishes_it(people["evaluation"])
        self.the_public_finds_it(people["the public"])
        expect(open_here(people)).to_have_text("Two recommendations are open; none is late")
        assert open_in_all(people) == before + 2

        self.management_rejects_only_with_a_reason(people["manager"])
        self.management_accepts_and_responds(people["manager"])
        expect(open_here(people)).to_have_text("One recommendation is open; none is late")
        self.the_head_plans_an_action(people["ueb.approve"])
        self.the_office_reports_with_evidence(people["ueb.enter"])
        self.the_office_proposes_closure_and_cannot_verify_it(people)
        expect(open_here(people)).to_have_text("One recommendation is open; none is late")

        self.the_officer_verifies_it(people["evaluation"])
        expect(open_here(people)).to_have_text("No recommendation is open")
        assert open_in_all(people) == before
        self.the_public_sees_that_it_is_closed(people["the public"])

    def the_officer_plans_it(self, visitor: Visitor) -> None:
        page = visitor.go("/en/evaluations/")
        follow(page, "Plan an evaluation")
        page.get_by_label("Title").fill(TITLE)
        page.get_by_label("Kind").select_option("strategy or theme")
        page.get_by_label("In the evaluation plan of").select_option("2018–2019")
        page.get_by_label("Made by").select_option("external evaluators")
        page.get_by_label("First day").fill("2018-03-01")
        press(page, "Take it into the plan")
        expect(content(page)).to_contain_text("Write a word for its address.")
        expect(page.get_by_label("Title")).to_have_value(TITLE)
        page.get_by_label("Word in its address").fill(WORD)
        press(page, "Take it into the plan")
        expect(message(page).first).to_contain_text("The evaluation is in the plan.")
        expect(page).to_have_url(f"{visitor.site.address}{KEPT}")

    def the_plan_is_approved_with_it(self, people: People) -> None:
        expect(content(people["the public"].go(PLAN))).not_to_contain_text(TITLE)
        page = people["evaluation"].go(PLAN)
        follow(page, "Record the approval")
        expect(row(page, TITLE)).to_have_count(1)
        page.get_by_label("Decision").fill(DECISION)
        page.get_by_label("Approved on").fill("2018-03-05")
        press(page, "Record the approval")
        expect(page.get_by_role("alert")).to_have_text(
            "Say in a sentence why the approved plan changed."
        )
        expect(page.get_by_label("Decision")).to_have_value(DECISION)
        page.get_by_label("Why the approved plan changed").fill("Markets were asked about.")
        press(page, "Record the approval")
        page = people["the public"].go(PLAN)
        expect(row(page, TITLE)).to_have_count(1)
        expect(row(page, DECISION)).to_contain_text("Markets were asked about.")

    def the_officer_moves_it_on(self, visitor: Visitor) -> None:
        page = visitor.go(KEPT)
        for state in ("Prepared", "Under way", "Reported"):
            page.get_by_role("radio", name=state).check()
            press(page, "Record the step")
            steps = page.get_by_role("table", name="Steps so far")
            expect(steps.get_by_role("row").last).to_contain_text(state.lower())

    def the_officer_says_what_it_looked_at_and_found(self, visitor: Visitor) -> None:
        page = visitor.go(KEPT)
        part(page, "Facts and texts").get_by_label("Summary").fill("Markets, invented.")
        press(page, "Save the facts")
        part(page, "Scope").get_by_label("FA3 Urban economy and municipal finance").check()
        press(page, "Save the scope")
        criteria = part(page, "Criteria and ratings")
        criteria.get_by_label("Relevance", exact=True).check()
        press(page, "Save the criteria")
        self.a_rating_needs_a_reason(page)
        findings = part(page, "Findings")
        findings.get_by_label("Finding", exact=True).fill(FINDING)
        press(page, "Add the finding")
        expect(findings.get_by_role("group")).to_contain_text(FINDING)
        self.a_report_is_no_plain_text(page)

    def a_rating_needs_a_reason(self, page: Page) -> None:
        criteria = part(page, "Criteria and ratings")
        criteria.get_by_text("Relevance: not rated").click()
        rating = criteria.get_by_role("group").filter(has=page.get_by_label("Rating"))
        rating.get_by_label("Rating").select_option(index=1)
        chosen = rating.get_by_label("Rating").input_value()
        rating.get_by_role("button", name="Save the rating").click()
        expect(rating.get_by_role("alert")).to_be_visible()
        expect(rating.get_by_label("Rating")).to_have_value(chosen)
        rating.get_by_label("Reason").fill("It answers what cities ask for.")
        rating.get_by_role("button", name="Save the rating").click()
        expect(criteria.get_by_text("Relevance: not rated")).to_have_count(0)

    def a_report_is_no_plain_text(self, page: Page) -> None:
        files = part(page, "Files")
        for name, file in (("report.txt", b"A report."), ("report.pdf", pdf())):
            files.get_by_label("What it is").select_option(index=0)
            payload: FilePayload = {"name": name, "mimeType": "", "buffer": file}
            files.locator("input[type=file]").set_input_files(payload)
            press(page, "Keep the file")
            if name == "report.txt":
                expect(files.get_by_role("alert")).to_contain_text("Reports are kept as PDF")
        expect(files.get_by_role("row").last).to_contain_text("report.pdf")

    def the_officer_adds_what_it_recommends(self, visitor: Visitor) -> None:
        page = visitor.go(PLANNED)
        for text in (STALLS, FEES):
            follow(page, "Add a recommendation")
            page.get_by_label("Recommendation", exact=True).fill(text)
            page.get_by_label("Office that answers it").select_option("UEB")
            press(page, "Add the recommendation")
            expect(content(page)).to_contain_text(text)

    def the_officer_publishes_it(self, visitor: Visitor) -> None:
        page = visitor.go(KEPT)
        expect(heading(page)).to_contain_text("still empty")
        page.get_by_label("Number of the report").fill("91")
        page.get_by_label("Year of the report").fill("2018")
        press(page, "Publish the report")
        expect(content(page)).to_contain_text("Check every part first, then say so here.")
        expect(page.get_by_label("Number of the report")).to_have_value("91")
        page.get_by_label("I have checked every part").check()
        press(page, "Publish the report")
        expect(page.get_by_role("button", name="Record the amendment")).to_be_visible()
        expect(page.get_by_role("button", name="Save the facts")).to_have_count(0)

    def the_public_finds_it(self, visitor: Visitor) -> None:
        page = visitor.go("/en/evaluations/")
        page.get_by_label("Words").fill("street MARKETS")
        press(page, "Show")
        expect(heading(page)).to_have_text("One evaluation fits")
        follow(page, f"Evaluation Report {NUMBER}: {TITLE}")
        expect(page).to_have_url(f"{visitor.site.address}{PUBLISHED}")
        expect(content(page)).to_contain_text(FINDING)
        expect(content(page)).to_contain_text("It answers what cities ask for.")
        expect(part(page, "Management’s response")).to_contain_text("Not given yet; due on")
        link = page.get_by_role("link", name="Report, English").get_attribute("href")
        asking = visitor.context.request
        file = asking.get(f"{visitor.site.address}{link}", max_retries=2)
        assert file.body() == pdf()
        feed = asking.get(f"{visitor.site.address}/en/evaluations/feed/", max_retries=2)
        assert f"Evaluation Report {NUMBER}: {TITLE}" in feed.text()

    def management_rejects_only_with_a_reason(self, visitor: Visitor) -> None:
        page = visitor.go(PUBLISHED)
        follow(page, "Recommendation 2")
        expect(heading(page)).to_have_text("Management has not answered this recommendation yet")
        follow(page, "Answer")
        page.get_by_label("Management’s answer").select_option("rejected")
        page.get_by_label("What management says about it").fill(SPENT)
        press(page, "Record the answer")
        expect(page.get_by_role("alert")).to_contain_text("Say why it is rejected")
        expect(page.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_label("Management’s answer")).to_have_value("rejected")
        expect(page.get_by_label("What management says about it")).to_have_value(SPENT)
        page.get_by_label("Reason").fill("Fees are due by law.")
        press(page, "Record the answer")
        expect(heading(page)).to_have_text("Management rejected this recommendation")
        expect(content(page)).to_contain_text("Fees are due by law.")

    def management_accepts_and_responds(self, visitor: Visitor) -> None:
        page = visitor.go(ACCEPTED)
        follow(page, "Answer")
        page.get_by_label("Management’s answer").select_option("accepted")
        page.get_by_label("What management says about it").fill(SAID)
        press(page, "Record the answer")
        expect(heading(page)).to_have_text("Accepted, but nothing is planned yet")
        visitor.go(PUBLISHED)
        follow(page, "Respond to the evaluation")
        page.get_by_label("Management’s response", exact=True).fill("We thank the evaluators.")
        press(page, "Record the response")
        expect(part(page, "Management’s response")).to_contain_text("We thank the evaluators.")

    def the_head_plans_an_action(self, visitor: Visitor) -> None:
        page = visitor.go(ACCEPTED)
        follow(page, "Plan an action")
        page.get_by_label("What will be done").fill(ACTION)
        page.get_by_label("Due", exact=True).fill("2018-01-31")
        press(page, "Plan the action")
        expect(page.get_by_role("alert")).to_contain_text("It cannot be due before it is planned.")
        expect(page.get_by_label("What will be done")).to_have_value(ACTION)
        planned = date.fromisoformat(page.get_by_label("Planned on").input_value())
        due = planned + timedelta(days=90)
        page.get_by_label("Due", exact=True).fill(due.isoformat())
        press(page, "Plan the action")
        expect(heading(page)).to_contain_text("Accepted; work is due on")

    def the_office_reports_with_evidence(self, visitor: Visitor) -> None:
        page = visitor.go(ACCEPTED)
        take(page, "Report")
        page.get_by_label("State").select_option("In progress")
        page.get_by_label("What was done").fill(REPORTED)
        page.get_by_label("Link to evidence").fill("ftp://markets")
        press(page, "Report")
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("What was done")).to_have_value(REPORTED)
        page.get_by_label("Link to evidence").fill(LINK)
        page.get_by_label("Title of the evidence").fill("List of traders, invented")
        press(page, "Report")
        expect(heading(page)).to_contain_text("Work is under way, due on")
        expect(page.get_by_role("link", name="List of traders, invented")).to_be_visible()

    def the_office_proposes_closure_and_cannot_verify_it(self, people: People) -> None:
        page = people["ueb.enter"].go(ACCEPTED)
        take(page, "Propose closure")
        page.get_by_label("What was done").fill(DONE)
        press(page, "Propose closure")
        expect(heading(page)).to_have_text("Done, as its owner says; nobody has verified it yet")
        expect(page.get_by_role("link", name="Verify")).to_have_count(0)
        assert people.status("ueb.enter", f"{ACCEPTED}actions/1/verify/") == 403
        assert people.status("ueb.approve", f"{ACCEPTED}actions/1/verify/") == 403
        assert people.status("manager", f"{ACCEPTED}actions/1/verify/") == 403

    def the_officer_verifies_it(self, visitor: Visitor) -> None:
        page = visitor.go(f"{BOARD}?state=to_verify&evaluation={CODE}")
        row(page, STALLS).get_by_role("link", name="Verify").click()
        expect(content(page)).to_contain_text(DONE)
        take(page, "Verify")
        page.get_by_label("What was looked at").fill("The list of traders.")
        press(page, "Verify")
        expect(message(page).first).to_contain_text("Verified. The action is closed.")

    def the_public_sees_that_it_is_closed(self, visitor: Visitor) -> None:
        page = visitor.go(f"{BOARD}?view=list&state=closed&evaluation={CODE}")
        closed = row(page, STALLS)
        expect(closed).to_contain_text("Closed, verified by the Evaluation Unit on")
        closed.get_by_role("link", name=STALLS).click()
        expect(content(page)).to_contain_text(ACTION)
        expect(content(page)).to_contain_text(SAID)
        for unseen in (REPORTED, DONE, "List of traders", "The list of traders", "Head, UEB"):
            expect(content(page)).not_to_contain_text(unseen)
