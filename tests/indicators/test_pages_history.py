"""The history of a figure, questions on it and corrections, as people meet them in the browser."""

import html
import re
from datetime import timedelta

import factories
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Achievement, Correction, Figure, Remark, Upload
from indicators.services import authorities, corrections, entry, remarks, submissions
from indicators.services.entry import EntryLine, Typed
from organization.models import AuditEntry, User

NOW = factories.NOW
LATER = NOW + timedelta(hours=1)
CELL = "/en/offices/BR1/2016/AA1/"
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response) -> str:
    """What the page says, without tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def number(house):
    made = factories.indicator("AA1", offices=[house.branch])
    factories.evidence(made, house.branch)
    return made


@pytest.fixture
def approved(house, number):
    change(house, number, "14")
    row = submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=NOW)
    return submissions.approve(submission=row, by=house.approver, at=LATER)


@pytest.fixture
def officer(house):
    return signed_in(house.officer)


@pytest.fixture
def contributor(house):
    return signed_in(house.contributor)


def typed(house, number, value, **given) -> EntryLine:
    return EntryLine(number, house.branch, house.year, Typed(value=value, **given))


def change(house, number, value, **given):
    line = typed(house, number, value, **given)
    entry.enter_figure(
        indicator=line.indicator,
        office=line.office,
        period=line.period,
        typed=line.typed,
        language="en",
        by=house.contributor,
        at=NOW,
    )


def ask(house, number, text="Which list?"):
    return remarks.ask(
        indicator=number,
        office=house.branch,
        period=house.year,
        text=text,
        by=house.officer,
        at=LATER,
    )


class TestHistory:
    def test_tells_who_when_from_to_and_why(self, house, number, approved, contributor):
        figure = Figure.objects.get()
        corrections.correct_figure(
            figure=figure,
            typed=Typed(value="13"),
            language="en",
            reason="One was counted twice.",
            by=house.officer,
            at=LATER,
        )
        said = words(contributor.get(f"{CELL}history/"))
        newest = said.index("Corrected after approval")
        assert newest < said.index("Approved") < said.index("Submitted") < said.index("Entered")
        assert "Ed Officer Corrected after approval Figure: was 14 → now 13 One was counted" in said
        assert "Ana Contributor Entered Figure: nothing → now 14" in said

    def test_holds_parts_answers_evidence_and_remarks(self, house, number, contributor):
        number.axes.add(factories.axis("sex", "women"))
        change(house, number, "14", parts={"sex:women": "6"}, answers={"no_evidence": "In print."})
        ask(house, number)
        said = words(contributor.get(f"{CELL}history/"))
        assert "sex: women: nothing → now 6" in said
        assert "Answer to a check: nothing → now In print." in said
        assert "Question Text: nothing → now Which list?" in said

    def test_holds_what_a_file_changed_here_and_nothing_of_other_figures(
        self, house, number, contributor
    ):
        other = factories.indicator("AA2", offices=[house.branch])
        upload = Upload.objects.create(
            kind="figures",
            file_name="figures.xlsx",
            sha256="a" * 64,
            size=1,
            language="en",
            made_at=NOW,
            made_by=house.contributor,
        )
        for lines in (
            [typed(house, number, "7"), typed(house, other, "3")],
            [typed(house, other, "88")],
        ):
            entry.enter_figures(
                lines=lines, language="en", by=house.contributor, at=NOW, upload=upload
            )
        said = words(contributor.get(f"{CELL}history/"))
        assert "Entered by a file Figure: nothing → now 7 figures.xlsx" in said
        assert said.count("Entered by a file") == 1
        assert "88" not in said

    def test_of_a_count_holds_authorities_that_came_and_went(self, house, contributor):
        count = factories.indicator("CC1", kind="count", offices=[house.branch])
        town = factories.authority("Alba")
        added = authorities.add_achievement(
            indicator=count,
            office=house.branch,
            period=house.year,
            new=authorities.NewAchievement(
                NOW.date().replace(year=2016), "Gazette", authority=town
            ),
            by=house.contributor,
            at=NOW,
        )
        authorities.remove_achievement(achievement=added, by=house.contributor, at=LATER)
        said = words(contributor.get("/en/offices/BR1/2016/CC1/history/"))
        assert "Authority added Alba (BR1)" in said
        assert "Authority taken back Alba (BR1)" in said

    def test_is_paged(self, house, number, contributor):
        for value in range(1, 46):
            change(house, number, str(value))
        first = words(contributor.get(f"{CELL}history/"))
        second = words(contributor.get(f"{CELL}history/?page=2"))
        assert (first.count("Entered"), second.count("Entered")) == (40, 5)
        assert "Earlier entries" in first and "Later entries" in second
        beyond = words(contributor.get(f"{CELL}history/?page=99"))
        assert beyond.count("Entered") == 5
        assert contributor.get(f"{CELL}history/?page=x").status_code == 200

    def test_takes_the_same_queries_for_two_entries_and_for_forty(self, house, number, contributor):
        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                contributor.get(f"{CELL}history/")
            return len(captured)

        for value in ("1", "2"):
            change(house, number, value)
        few = count()
        for value in range(3, 41):
            change(house, number, str(value))
        assert count() == few <= 10

    def test_is_not_revealed_to_others(self, house, number, approved):
        other = signed_in(house.regional)
        delegate = signed_in(factories.person("Gus Delegate", committee=house.region))
        for client in (other, delegate):
            for page in ("history/", "queries/", "correct/"):
                assert client.get(CELL + page).status_code == 404
        assert Client().get(f"{CELL}history/").status_code == 302
        assert (
            signed_in(house.contributor).get("/en/offices/BR1/2016/ZZ9/history/").status_code == 404
        )


class TestQuestions:
    def test_go_from_the_officer_to_the_office_and_back(
        self, house, number, approved, officer, contributor
    ):
        page = f"{CELL}queries/"
        sent = officer.post(page, {"do": "ask", "text": "Which list?"}, follow=True)
        assert "Your question is sent." in words(sent)
        asked = Remark.objects.get()
        assert "One question is open" in words(contributor.get("/en/queries/"))
        form = {"do": "answer", "remark": asked.pk, "text": "The annex."}
        assert "Your answer is sent." in words(contributor.post(page, form, follow=True))
        assert "The annex. Ana Contributor" in words(officer.get("/en/queries/"))
        form = {"do": "settle", "remark": asked.pk, "text": ""}
        assert "The question is settled." in words(officer.post(page, form, follow=True))
        assert "No question is open" in words(officer.get("/en/queries/"))
        assert "The annex." in words(officer.get("/en/queries/?settled"))

    def test_of_an_office_ask_for_a_correction(self, house, number, approved, contributor):
        page = f"{CELL}queries/"
        assert "Ask for a correction" in words(contributor.get(page))
        contributor.post(page, {"do": "ask", "text": "It is 13, not 14."})
        assert Remark.objects.get().made_by == house.contributor

    def test_of_an_office_wait_for_approval(self, house, number, contributor):
        page = f"{CELL}queries/"
        assert "Ask for a correction" not in words(contributor.get(page))
        assert contributor.post(page, {"do": "ask", "text": "It is 13."}).status_code == 422

    def test_keep_what_was_typed_when_refused(self, house, number, approved, contributor):
        asked = ask(house, number)
        remarks.settle(remark=asked, by=house.officer, at=LATER)
        form = {"do": "answer", "remark": asked.pk, "text": "The annex."}
        response = contributor.post(f"{CELL}queries/", form)
        assert response.status_code == 422
        assert "This is settled. Ask anew if something is open." in words(response)

    def test_are_not_settled_by_the_office(self, house, number, contributor):
        asked = ask(house, number)
        page = f"{CELL}queries/"
        assert 'value="settle"' not in contributor.get(page).content.decode()
        form = {"do": "settle", "remark": asked.pk}
        assert contributor.post(page, form).status_code == 403

    def test_are_not_reached_by_the_number_of_another(self, house, number, contributor):
        measure = factories.indicator("RR1", offices=[house.region])
        foreign = remarks.ask(
            indicator=measure,
            office=house.region,
            period=house.year,
            text="Secret?",
            by=house.officer,
            at=LATER,
        )
        form = {"do": "answer", "remark": foreign.pk, "text": "Mine."}
        response = contributor.post(f"{CELL}queries/", form)
        assert (response.status_code, Remark.objects.count()) == (422, 1)
        assert "Secret?" not in words(response)

    def test_are_a_list_for_those_who_work_on_figures(self, house, number):
        ask(house, number)
        delegate = signed_in(factories.person("Gus Delegate", committee=house.region))
        assert delegate.get("/en/queries/").status_code == 404
        assert delegate.get("/en/corrections/").status_code == 404
        assert Client().get("/en/queries/").status_code == 302


class TestCorrect:
    page = f"{CELL}correct/"

    def test_changes_the_figure_and_shows_what_it_was(self, house, number, approved, officer):
        form = {"do": "figure", "value": "13", "version": "1", "reason": "Counted twice."}
        response = officer.post(self.page, form, follow=True)
        assert "Corrected. The earlier value stays in the history." in words(response)
        assert Figure.objects.get().value == 13
        assert "Figure: was 14 → now 13 Counted twice." in words(officer.get(self.page))
        listed = words(officer.get("/en/corrections/"))
        assert "AA1 , 2016 Office BR1 Figure: was 14 → now 13 Counted twice. Ed Officer" in listed

    @pytest.mark.parametrize(
        ("form", "sentence"),
        [
            ({"value": "13", "reason": " "}, "Say why the figure is corrected."),
            ({"value": "14", "reason": "Twice."}, "The new value equals the old one."),
            ({"value": "six", "reason": "Twice."}, "“six” is not a number."),
            ({"value": "13", "reason": "Twice.", "version": "7"}, "changed this after you opened"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, house, number, approved, officer, form, sentence
    ):
        response = officer.post(self.page, {"do": "figure", **form})
        assert response.status_code == 422
        assert sentence in words(response)
        assert f'value="{form["value"]}"' in response.content.decode()
        assert not Correction.objects.exists()

    def test_is_for_quality_assurance(self, house, number, approved, contributor):
        assert contributor.get(self.page).status_code == 403
        form = {"do": "figure", "value": "13", "reason": "Twice."}
        assert contributor.post(self.page, form).status_code == 403
        assert Figure.objects.get().value == 14

    def test_waits_for_approval(self, house, number, officer):
        change(house, number, "14")
        said = words(officer.get(self.page))
        assert "This figure is not approved yet." in said
        form = {"do": "figure", "value": "13", "reason": "Twice."}
        assert officer.post(self.page, form).status_code == 422
        assert Figure.objects.get().value == 14

    def test_takes_and_adds_authorities_of_a_count(self, house, officer):
        count = factories.indicator("CC1", kind="count", offices=[house.branch])
        factories.submission(house.branch, state="approved")
        here = factories.achievement(count, factories.authority("Alba"), house.branch)
        cora = factories.authority("Cora")
        page = "/en/offices/BR1/2016/CC1/correct/"
        officer.post(page, {"do": "take", "achievement": here.pk, "reason": "Twice."})
        assert not Achievement.objects.exists()
        assert "Cora" in words(officer.get(f"{page}?q=cor"))
        form = {
            "do": "add",
            "authority": cora.pk,
            "achieved_on": "2016-05-01",
            "evidence": "Gazette",
            "reason": "Left out.",
        }
        officer.post(page, form)
        assert Achievement.objects.get().authority == cora
        said = words(officer.get(page))
        assert "Authorities counted: was 1 → now 0" in said
        assert "Authority: was Alba; 30 June 2016; Gazette → nothing Twice." in said
        empty = officer.post(f"{page}?q=cor", {"do": "add", "authority": cora.pk})
        assert empty.status_code == 422
        assert "Give the day." in words(empty)


class TestPublished:
    """Everybody reads what was corrected; nobody outside reads what was said about it."""

    @pytest.fixture
    def corrected(self, house, number, approved):
        ask(house, number, "Is this a secret?")
        corrections.correct_figure(
            figure=Figure.objects.get(),
            typed=Typed(value="13"),
            language="en",
            reason="One was counted twice.",
            by=house.officer,
            at=LATER,
        )

    def test_says_day_office_was_is_and_why(self, house, corrected, client):
        said = words(client.get("/en/results/AA1/history/"))
        assert "Corrected after approval" in said
        assert "16 January 2017 Office BR1, 2016 Figure: was 14 → now 13 One was counted" in said
        assert "Ed Officer" not in said

    def test_leads_staff_to_the_history_of_each_office(self, house, corrected, contributor, client):
        link = 'href="/en/offices/BR1/2016/AA1/history/"'
        page = "/en/results/AA1/history/"
        assert link in contributor.get(page).content.decode()
        other = signed_in(house.regional)
        for reader in (client, other):
            assert link not in reader.get(page).content.decode()

    def test_keeps_remarks_inside(self, house, corrected, client):
        delegate = signed_in(factories.person("Gus Delegate", committee=house.region))
        for reader in (client, delegate):
            for page in (
                "results/",
                "results/AA1/",
                "results/AA1/history/",
                "results/AA1/arithmetic/",
            ):
                assert "secret" not in words(reader.get(f"/en/{page}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_in_six_languages(house, number, approved, officer, language):
    ask(house, number)
    officer.post(f"{CELL}correct/", {"do": "figure", "value": "13", "reason": "Counted twice."})
    assert Correction.objects.exists()
    for page in (
        "offices/BR1/2016/AA1/history/",
        "offices/BR1/2016/AA1/queries/",
        "offices/BR1/2016/AA1/correct/",
        "offices/BR1/2016/preview/",
        "queries/",
        "corrections/",
    ):
        assert officer.get(f"/{language}/{page}").status_code == 200, page


def test_the_history_never_changes_anything(house, number, approved, officer):
    before = AuditEntry.objects.count()
    for page in ("history/", "queries/", "correct/"):
        officer.get(CELL + page)
    assert AuditEntry.objects.count() == before
