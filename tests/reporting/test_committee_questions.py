"""Questions of delegations: who asks, who reads, who answers, who is told."""

from datetime import timedelta

import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from report_shelf import ASSEMBLED, AT, ISSUED

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, Notice, Office, User
from reporting.models import Question, Report
from reporting.queries.questions import all_questions, one_question, questions_on
from reporting.services import questions as services

LATER = AT + timedelta(days=3)
TEXT = "The lists add up to 96, the paragraph says 86. Which is right?"


@pytest.fixture
def mission(shelf) -> Office:
    return Office.objects.get(code="M")


@pytest.fixture
def other(shelf) -> User:
    """A representative of another mission."""
    return factories.person("Noa Other", committee=factories.office("M2", kind="mission"))


@pytest.fixture
def asked(shelf, mission) -> Question:
    return services.ask(
        report=shelf.issued, paragraph=2, text=TEXT, office=mission, by=shelf.committee, at=AT
    )


@pytest.fixture
def answered(asked, shelf) -> Question:
    return services.answer(question=asked, text="Both.", seen="", by=shelf.editor, at=LATER)


def texts(found) -> list[str]:
    return [one.question.text for one in found]


class TestAsking:
    def test_keeps_the_question_with_its_trail(self, asked, shelf, mission):
        entry = AuditEntry.objects.get(subject_type="reporting.question")
        assert (asked.paragraph, asked.office, asked.text) == (2, mission, TEXT)
        assert (entry.action, entry.by, entry.office) == ("ask about report", shelf.committee, mission)

    def test_tells_the_report_editors(self, asked, shelf):
        notice = Notice.objects.get(key=f"question/{asked.pk}")
        assert notice.recipient == shelf.editor
        assert notice.path == f"/en/questions/{asked.pk}/"
        assert TEXT in notice.text
        assert "paragraph 2" in notice.subject

    def test_tells_quality_assurance_if_there_is_no_editor(self, shelf, mission):
        shelf.editor.assignments.update(until="2018-01-01")
        asked = services.ask(
            report=shelf.issued, paragraph=0, text="?", office=mission, by=shelf.committee, at=AT
        )
        assert Notice.objects.get(key=f"question/{asked.pk}").recipient == shelf.officer

    def test_twice_in_the_same_words_is_one_question(self, asked, shelf, mission):
        again = services.ask(
            report=shelf.issued, paragraph=2, text=f" {TEXT} ", office=mission,
            by=shelf.committee, at=LATER,
        )  # fmt: skip
        assert again == asked
        assert Question.objects.count() == 1

    @pytest.mark.parametrize(
        ("paragraph", "text", "code", "sentence"),
        [
            (2, "  \n ", "text_needed", "Write your question."),
            (2, "x" * 2001, "text_too_long", "This text has 2001 characters; 2000 are the most."),
            (999, TEXT, "no_such_paragraph", "This report has no paragraph 999."),
        ],
    )
    def test_refuses_with_a_sentence(self, shelf, mission, paragraph, text, code, sentence):
        with pytest.raises(RuleBroken, match=sentence) as refused:
            services.ask(
                report=shelf.issued, paragraph=paragraph, text=text, office=mission,
                by=shelf.committee, at=AT,
            )  # fmt: skip
        assert refused.value.code == code
        assert not Question.objects.exists()

    def test_is_for_issued_reports(self, shelf, mission):
        with pytest.raises(RuleBroken) as refused:
            services.ask(
                report=shelf.assembled, paragraph=2, text=TEXT, office=mission,
                by=shelf.committee, at=AT,
            )  # fmt: skip
        assert refused.value.code == "not_issued"

    @pytest.mark.parametrize("who", ["editor", "officer", "contributor"])
    def test_is_for_representatives(self, shelf, mission, who):
        with pytest.raises(NotAllowed):
            services.ask(
                report=shelf.issued, paragraph=2, text=TEXT, office=mission,
                by=getattr(shelf, who), at=AT,
            )  # fmt: skip

    def test_is_not_in_the_name_of_another_mission(self, shelf, mission, other):
        with pytest.raises(NotAllowed):
            services.ask(
                report=shelf.issued, paragraph=2, text=TEXT, office=mission, by=other, at=AT
            )


class TestAnswering:
    def test_goes_to_whoever_asked(self, answered, shelf):
        notice = Notice.objects.get(recipient=shelf.committee)
        assert "Both." in notice.text
        assert notice.subject.startswith("Your question is answered")

    def test_goes_to_the_mission_when_whoever_asked_has_left_it(self, asked, shelf, mission):
        shelf.committee.assignments.update(until="2018-01-01")
        heir = factories.person("Eva Heir", committee=mission)
        services.answer(question=asked, text="Both.", seen="", by=shelf.editor, at=LATER)
        told = Notice.objects.filter(key__startswith=f"question/{asked.pk}/answered/")
        assert [one.recipient for one in told] == [heir]

    def test_may_be_amended_and_the_earlier_words_stay_in_the_trail(self, answered, shelf):
        seen = services.state_of(answered)
        services.answer(
            question=answered, text="86.", seen=seen, by=shelf.officer, at=LATER + timedelta(hours=1)
        )
        entries = AuditEntry.objects.filter(subject_type="reporting.question").order_by("number")
        assert [(one.action, one.changes.get("answer")) for one in entries] == [
            ("ask about report", None),
            ("answer question", [None, "Both."]),
            ("amend answer", ["Both.", "86."]),
        ]
        subjects = Notice.objects.filter(recipient=shelf.committee).values_list("subject", flat=True)
        assert sum("was amended" in subject for subject in subjects) == 1

    def test_does_not_write_over_what_a_colleague_answered(self, asked, answered, shelf):
        with pytest.raises(RuleBroken, match="Eli Editor answered this meanwhile") as refused:
            services.answer(question=asked, text="86.", seen="", by=shelf.officer, at=LATER)
        assert refused.value.code == "changed_elsewhere"
        asked.refresh_from_db()
        assert asked.answer == "Both."

    def test_in_the_same_words_changes_nothing(self, answered, shelf):
        number = AuditEntry.objects.count()
        services.answer(question=answered, text="Both.", seen="", by=shelf.editor, at=LATER)
        assert AuditEntry.objects.count() == number

    def test_refuses_no_words(self, asked, shelf):
        with pytest.raises(RuleBroken, match="Write the answer"):
            services.answer(question=asked, text=" ", seen="", by=shelf.editor, at=LATER)

    @pytest.mark.parametrize("who", ["committee", "contributor"])
    def test_is_for_editors_and_quality_assurance(self, asked, shelf, who):
        with pytest.raises(NotAllowed):
            services.answer(
                question=asked, text="Both.", seen="", by=getattr(shelf, who), at=LATER
            )


class TestReading:
    def test_before_the_answer_is_for_the_delegation_and_the_secretariat(self, asked, shelf, other):
        for reader in (shelf.committee, shelf.editor, shelf.officer, shelf.contributor):
            assert texts(all_questions(reader)) == [TEXT]
        for stranger in (other, AnonymousUser(), factories.person("Nil Norole")):
            assert all_questions(stranger) == []
            assert questions_on(shelf.issued, stranger) == []
            assert one_question(asked.pk, stranger) is None

    def test_after_the_answer_is_for_all_delegations_and_never_for_the_public(
        self, answered, shelf, other
    ):
        assert texts(all_questions(other)) == [TEXT]
        assert texts(questions_on(shelf.issued, other)) == [TEXT]
        assert all_questions(AnonymousUser()) == []
        assert one_question(answered.pk, AnonymousUser()) is None

    def test_names_the_mission_to_itself_and_the_secretariat_only(self, answered, shelf, other):
        named = [all_questions(one)[0].is_named for one in (shelf.committee, shelf.editor, other)]
        assert named == [True, True, False]

    def test_shows_earlier_answers_to_the_secretariat_only(self, answered, shelf, other):
        services.answer(
            question=answered, text="86.", seen=services.state_of(answered), by=shelf.editor, at=LATER
        )
        [to_editor], [to_other] = all_questions(shelf.editor), all_questions(other)
        assert [one.text for one in to_editor.earlier] == ["Both."]
        assert (to_other.earlier, to_other.is_amended) == ((), True)

    def test_stands_open_ones_first_the_oldest_first(self, answered, shelf, mission):
        for days, text in ((2, "Second?"), (1, "First?")):
            services.ask(
                report=shelf.issued, paragraph=0, text=text, office=mission, by=shelf.committee,
                at=AT + timedelta(days=days),
            )  # fmt: skip
        assert texts(all_questions(shelf.editor)) == ["First?", "Second?", TEXT]

    def test_takes_the_same_queries_whatever_the_number(
        self, answered, shelf, mission, django_assert_num_queries
    ):
        for number in range(5):
            services.ask(
                report=shelf.issued, paragraph=0, text=f"{number}?", office=mission,
                by=shelf.committee, at=AT,
            )  # fmt: skip
        editor = User.objects.get(pk=shelf.editor.pk)
        with django_assert_num_queries(3):
            assert len(all_questions(editor)) == 6


class TestPages:
    ON_REPORT = f"/en/reports/{ISSUED}/questions/"

    def test_a_paragraph_offers_a_delegation_to_ask(self, client, shelf):
        client.force_login(shelf.committee)
        page = client.get(f"/en/reports/{ISSUED}/").content.decode()
        assert f'href="/en/reports/{ISSUED}/questions/?paragraph=2"' in page

    @pytest.mark.parametrize("who", [None, "editor", "contributor"])
    def test_a_paragraph_offers_nobody_else_to_ask(self, client, shelf, who):
        if who:
            client.force_login(getattr(shelf, who))
        assert "?paragraph=" not in client.get(f"/en/reports/{ISSUED}/").content.decode()

    def test_a_paragraph_counts_its_questions_for_those_who_read_them(
        self, client, asked, shelf, other
    ):
        client.force_login(shelf.committee)
        page = client.get(f"/en/reports/{ISSUED}/").content.decode()
        assert "1 question on paragraph 2 (1 open)" in page
        client.force_login(other)
        page = client.get(f"/en/reports/{ISSUED}/").content.decode()
        assert "question on paragraph" not in page
        assert TEXT not in page

    def test_the_form_quotes_the_paragraph(self, client, shelf):
        client.force_login(shelf.committee)
        page = client.get(f"{self.ON_REPORT}?paragraph=2").content.decode()
        assert 'name="paragraph" value="2"' in page
        assert "1,086" in page

    @pytest.mark.parametrize("typed", ["abc", "-3", "999", "9" * 40, "٢", "2.5", ""])
    def test_the_form_stands_whatever_the_address_says(self, client, shelf, typed):
        client.force_login(shelf.committee)
        assert client.get(self.ON_REPORT, {"paragraph": typed}).status_code == 200

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"paragraph": "2", "text": " "}, "Write your question."),
            ({"paragraph": "999", "text": TEXT}, "This report has no paragraph 999."),
            ({"paragraph": "abc", "text": TEXT}, "Write the number of a paragraph"),
            ({"paragraph": "9" * 30, "text": TEXT}, "This report has no such paragraph."),
            ({"paragraph": "2", "text": "long " * 500}, "2000 are the most"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_stays(self, client, shelf, sent, sentence):
        client.force_login(shelf.committee)
        answer = client.post(self.ON_REPORT, sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        assert sent["text"].strip() in page
        assert f'value="{sent["paragraph"]}"' in page
        assert not Question.objects.exists()

    def test_a_delegation_asks_and_an_editor_answers(self, client, shelf):
        client.force_login(shelf.committee)
        answer = client.post(self.ON_REPORT, {"paragraph": "2", "text": TEXT})
        asked = Question.objects.get()
        assert answer["Location"] == f"/en/questions/{asked.pk}/"
        assert "Your question has gone to the secretariat." in client.get(
            answer["Location"]
        ).content.decode()
        client.force_login(shelf.editor)
        assert "1 question waits for an answer" in client.get("/en/questions/").content.decode()
        answer = client.post(f"/en/questions/{asked.pk}/", {"text": "Both.", "seen": ""})
        assert answer.status_code == 302
        asked.refresh_from_db()
        assert (asked.answer, asked.answered_by) == ("Both.", shelf.editor)

    def test_a_representative_of_two_missions_says_in_whose_name(self, client, shelf, mission):
        second = factories.office("M3", kind="mission")
        factories.grant(shelf.committee, "committee", second)
        client.force_login(shelf.committee)
        assert "In the name of" in client.get(self.ON_REPORT).content.decode()
        client.post(self.ON_REPORT, {"text": TEXT, "office": str(second.pk)})
        assert Question.objects.get().office == second

    def test_a_mission_that_is_not_ones_own_is_refused(self, client, shelf, mission, other):
        factories.grant(shelf.committee, "committee", factories.office("M3", kind="mission"))
        client.force_login(shelf.committee)
        foreign = Office.objects.get(code="M2")
        answer = client.post(self.ON_REPORT, {"text": TEXT, "office": str(foreign.pk)})
        assert answer.status_code == 422
        assert TEXT in answer.content.decode()

    def test_two_editors_see_both_answers(self, client, answered, shelf):
        client.force_login(shelf.officer)
        answer = client.post(f"/en/questions/{answered.pk}/", {"text": "86.", "seen": ""})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Eli Editor answered this meanwhile" in page
        assert "Both." in page
        assert "86.</textarea>" in page
        seen = services.state_of(answered)
        assert f'name="seen" value="{seen}"' in page
        client.post(f"/en/questions/{answered.pk}/", {"text": "86.", "seen": seen})
        answered.refresh_from_db()
        assert answered.answer == "86."

    def test_words_with_marks_are_shown_as_words(self, client, shelf, mission):
        services.ask(
            report=shelf.issued, paragraph=2, text="<script>alert(1)</script>\nWhy?",
            office=mission, by=shelf.committee, at=AT,
        )  # fmt: skip
        client.force_login(shelf.committee)
        for address in (f"/en/reports/{ISSUED}/", "/en/questions/", self.ON_REPORT, "/en/committee/"):
            assert "<script>alert" not in client.get(address).content.decode()

    def test_a_question_of_another_delegation_looks_like_none(self, client, asked, other):
        client.force_login(other)
        hidden, absent = client.get(f"/en/questions/{asked.pk}/"), client.get("/en/questions/999999/")
        assert hidden.status_code == absent.status_code == 404
        answer = client.post(f"/en/questions/{asked.pk}/", {"text": "Mine."})
        assert answer.status_code == 404

    @pytest.mark.parametrize("address", ["/en/questions/", "/en/committee/", ON_REPORT])
    def test_the_public_is_asked_to_sign_in(self, client, shelf, address):
        assert client.get(address)["Location"].startswith("/en/sign-in/")

    @pytest.mark.parametrize("address", ["/en/questions/", "/en/committee/", ON_REPORT])
    def test_somebody_without_a_role_finds_no_such_page(self, client, shelf, address):
        client.force_login(factories.person("Nil Norole"))
        assert client.get(address).status_code == 404

    def test_a_report_in_work_takes_no_questions(self, client, shelf):
        for who in ("committee", "editor"):
            client.force_login(getattr(shelf, who))
            assert client.get(f"/en/reports/{ASSEMBLED}/questions/").status_code == 404

    def test_staff_cannot_ask(self, client, shelf):
        client.force_login(shelf.editor)
        answer = client.post(self.ON_REPORT, {"paragraph": "2", "text": TEXT})
        assert answer.status_code == 403
        assert not Question.objects.exists()
        assert Report.objects.get(slug=ISSUED).questions.count() == 0
