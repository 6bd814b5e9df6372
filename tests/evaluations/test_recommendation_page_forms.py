"""The forms about a recommendation: done once, refused with a sentence, nothing typed is lost."""

from datetime import date, timedelta
from pathlib import Path

import evaluation_rows as rows
import factories
import pytest
import sample_files
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from factories import NOW, TODAY

from evaluations.models import (
    Action,
    Answer,
    FollowUp,
    FollowUpEvidence,
    ManagementResponse,
    Recommendation,
)
from evaluations.services import follow_up_evidence
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import Office, User

pytestmark = pytest.mark.django_db
PAGE = "/en/recommendations/2-2016-1/"
EVALUATION = "/en/evaluations/2-2016/"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A folder of its own for the files of each test."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture
def office() -> Office:
    return factories.office("QAU", kind="unit")


@pytest.fixture
def one(office: Office) -> Recommendation:
    evaluation = rows.evaluation("2-2016", state="published", report_number=2, report_year=2016)
    return rows.recommendation(evaluation, office=office)


@pytest.fixture
def action(one: Recommendation) -> Action:
    rows.answer(one)
    found = rows.action(one)
    rows.follow_ups(found, ["in_progress"])
    return found


def _today() -> str:
    return timezone.localdate().isoformat()


def _as(client: Client, office: Office, *roles: str) -> User:
    user = factories.person("Somebody", **dict.fromkeys(roles, office))
    client.force_login(user)
    return user


class TestAnswer:
    def _sent(self, **given: str) -> dict[str, str]:
        common = {"seen": "0", "decision": "accepted", "text": "We agree.", "language": "en"}
        return common | {"on": _today(), "reason": ""} | given

    def test_is_recorded(self, client: Client, one: Recommendation, office: Office) -> None:
        user = _as(client, office, "approver")
        answer = client.post(f"{PAGE}answer/", self._sent(language="fr", text="D’accord."))
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        found = Answer.objects.get()
        assert (found.by, set(found.text.texts)) == (user, {"fr"})

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"decision": ""}, "Choose whether it is accepted"),
            ({"decision": "rejected"}, "Say why it is rejected."),
            ({"decision": "partly"}, "Say which part is not accepted"),
            ({"on": "2999-01-01"}, "This day lies in the future."),
            ({"on": "31.12.2016"}, "Write the day as year-month-day"),
            ({"language": "de"}, "Select a valid choice"),
            ({"seen": ""}, "Load the page again"),
            ({"seen": "x"}, "Load the page again"),
            ({"seen": "9" * 30}, "Load the page again"),
        ],
    )
    def test_is_refused_with_a_sentence_and_keeps_what_was_typed(
        self,
        client: Client,
        one: Recommendation,
        office: Office,
        given: dict[str, str],
        words: str,
    ) -> None:
        _as(client, office, "approver")
        page = client.post(f"{PAGE}answer/", self._sent(**given))
        assert page.status_code == 422
        text = page.content.decode()
        assert words in text
        assert "text" in given or "We agree." in text
        assert not Answer.objects.exists()

    def test_a_text_with_a_sign_that_is_no_letter_is_a_bad_request(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _as(client, office, "approver")
        assert client.post(f"{PAGE}answer/", self._sent(text="a\x00b")).status_code == 400
        assert not Answer.objects.exists()

    def test_a_stale_form_keeps_its_words_and_goes_through_once_it_is_read(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _as(client, office, "approver")
        rows.answer(one, on=TODAY)
        sent = self._sent(decision="partly", reason="Half of it only.", changed_why="So.")
        page = client.post(f"{PAGE}answer/", sent)
        assert page.status_code == 409
        text = page.content.decode()
        assert "Somebody else changed this meanwhile." in text
        assert "Half of it only." in text
        assert '<input type="hidden" name="seen" value="1"' in text
        assert client.post(f"{PAGE}answer/", sent | {"seen": "1"}).status_code == 302
        assert one.answers.count() == 2

    def test_who_does_not_answer_reads_who_does(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _as(client, office, "evaluation_officer", "approver")
        for page in (client.get(f"{PAGE}answer/"), client.post(f"{PAGE}answer/", {})):
            assert page.status_code == 403
        assert "never by the evaluators" in page.content.decode()

    def test_is_written_in_the_language_asked_for(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _as(client, office, "approver")
        rows.answer(one)
        assert "We agree." in client.get(f"{PAGE}answer/").content.decode()
        assert "We agree." not in client.get(f"{PAGE}answer/?in=ru").content.decode()


class TestOverallResponse:
    def test_is_recorded_by_a_manager(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _as(client, office, "manager")
        assert client.get(f"{EVALUATION}response/").status_code == 200
        sent = {"seen": "0", "text": "Welcome.", "differences": "", "language": "en"}
        answer = client.post(f"{EVALUATION}response/", sent | {"on": _today()})
        assert (answer.status_code, answer["Location"]) == (302, EVALUATION)
        assert ManagementResponse.objects.get().version == 1
        again = sent | {"on": _today(), "text": "Very welcome.", "reason": "Kinder."}
        assert client.post(f"{EVALUATION}response/", again).status_code == 409
        assert client.post(f"{EVALUATION}response/", again | {"seen": "1"}).status_code == 302

    def test_by_nobody_else(self, client: Client, one: Recommendation, office: Office) -> None:
        _as(client, office, "approver")
        assert client.get(f"{EVALUATION}response/").status_code == 403
        assert client.get("/en/evaluations/nothing/response/").status_code == 404


class TestPlanAndRecommend:
    def test_an_action_is_planned_once(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        user = _as(client, office, "approver")
        rows.answer(one)
        sent = {
            "text": "Set it up.", "language": "en", "office": "QAU", "owner": str(user.pk),
            "due_on": (timezone.localdate() + timedelta(days=90)).isoformat(), "on": _today(),
        }  # fmt: skip
        for _time in range(2):
            assert client.post(f"{PAGE}actions/new/", sent).status_code == 302
        found = Action.objects.get()
        assert (found.owner, found.office) == (user, office)

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"office": "XX"}, "Choose an office from the list."),
            ({"office": ""}, "Choose the office."),
            ({"owner": "99999999999999999999"}, "Choose a person from the list"),
            ({"due_on": ""}, "Give the day."),
            ({"due_on": "2000-01-01"}, "It cannot be due before it is planned."),
        ],
    )
    def test_what_is_wrong_is_said(
        self,
        client: Client,
        one: Recommendation,
        office: Office,
        given: dict[str, str],
        words: str,
    ) -> None:
        _as(client, office, "approver")
        rows.answer(one)
        factories.office("XX", kind="mission")
        sent = {"text": "Set it up.", "language": "en", "office": "QAU", "due_on": "2999-01-01"}
        page = client.post(f"{PAGE}actions/new/", sent | {"on": _today()} | given)
        assert page.status_code == 422
        assert words in page.content.decode()
        assert not Action.objects.exists()

    def test_a_recommendation_is_added_by_the_evaluation_officer(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _as(client, office, "evaluation_officer")
        address = f"{EVALUATION}recommendations/new/"
        assert "a note of amendment" in client.get(address).content.decode()
        sent = {"number": "", "text": "Do more.", "language": "en", "office": "QAU"}
        for _time in range(2):
            assert client.post(address, sent).status_code == 302
        assert Recommendation.objects.count() == 2
        assert client.post(address, sent | {"number": "1", "text": "X"}).status_code == 422

    def test_a_draft_is_reworded_and_a_published_one_is_not(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _as(client, office, "evaluation_officer")
        rows.recommendation(rows.evaluation("d", state="reported"), office=office, text="One\nTwo")
        sent = {
            "seen": "One\r\nTwo", "text": "Three", "language": "en", "office": "QAU",
            "priority": "high",
        }  # fmt: skip
        assert client.get("/en/recommendations/d-1/change/").status_code == 200
        assert client.post("/en/recommendations/d-1/change/", sent).status_code == 302
        stale = client.post("/en/recommendations/d-1/change/", sent | {"text": "Four"})
        assert stale.status_code == 409
        assert "Four" in stale.content.decode()
        assert client.post(f"{PAGE}change/", sent).status_code == 422

    @pytest.mark.parametrize("role", ["manager", "approver", "contributor"])
    def test_others_do_not(
        self, client: Client, one: Recommendation, office: Office, role: str
    ) -> None:
        _as(client, office, role)
        assert client.get(f"{EVALUATION}recommendations/new/").status_code == 403
        assert client.get(f"{PAGE}change/").status_code == 403


class TestSteps:
    def test_from_a_report_to_the_verified_closure(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        rows.answer(one)
        rows.action(one)
        owner = factories.person("Omar", contributor=office)
        officer = factories.person("Eva", evaluation_officer=factories.office("EVU"))
        way = [
            (owner, "report", {"state": "in-progress", "text": "Begun."}),
            (owner, "propose", {"text": "Done."}),
            (officer, "return", {"reason": "No register."}),
            (owner, "propose", {"text": "Done now.", "link": "https://example.org/register"}),
            (officer, "verify", {}),
            (officer, "reopen", {"reason": "It was lost."}),
            (officer, "overtake", {"reason": "Law repealed."}),
        ]
        for seen, (user, step, given) in enumerate(way):
            client.force_login(user)
            assert client.get(f"{PAGE}actions/1/{step}/").status_code == 200
            sent = {"seen": str(seen), "on": _today()} | given
            answer = client.post(f"{PAGE}actions/1/{step}/", sent)
            assert answer.status_code == 302, answer.content.decode()
        kinds = list(FollowUp.objects.order_by("number").values_list("kind", flat=True))
        assert kinds == [
            "progress", "proposed", "returned", "proposed", "verified", "reopened", "overtaken",
        ]  # fmt: skip
        assert FollowUpEvidence.objects.get().link == "https://example.org/register"

    def test_a_stale_form_keeps_what_was_typed(
        self, client: Client, action: Action, office: Office
    ) -> None:
        _as(client, office, "contributor")
        sent = {"seen": "7", "on": _today(), "state": "in-progress", "text": "My long words."}
        page = client.post(f"{PAGE}actions/1/report/", sent)
        assert page.status_code == 409
        assert "My long words." in page.content.decode()
        assert client.post(f"{PAGE}actions/1/report/", sent | {"seen": "0"}).status_code == 302

    @pytest.mark.parametrize(
        "path",
        ["actions/2/report/", f"actions/{9**40}/report/", "actions/1/close/", "actions/0/verify/"],
    )
    def test_a_step_of_nothing_is_not_found(
        self, client: Client, action: Action, office: Office, path: str
    ) -> None:
        _as(client, office, "contributor")
        assert client.get(PAGE + path).status_code == 404

    def test_a_delegation_finds_no_steps(self, client: Client, action: Action) -> None:
        _as(client, factories.office("XX", kind="mission"), "committee")
        assert client.get(f"{PAGE}actions/1/report/").status_code == 404

    def test_the_due_day_is_moved(self, client: Client, action: Action, office: Office) -> None:
        _as(client, office, "approver")
        sent = {"seen": "0", "on": _today(), "due_on": "2017-09-30", "reason": "Vacant posts."}
        assert client.post(f"{PAGE}actions/1/due/", sent | {"reason": ""}).status_code == 422
        assert client.post(f"{PAGE}actions/1/due/", sent).status_code == 302
        assert Action.objects.get().due_on == date(2017, 9, 30)


class TestEvidence:
    def _file(self, content: bytes = sample_files.PDF) -> SimpleUploadedFile:
        return SimpleUploadedFile("../../minutes.pdf", content, content_type="text/html")

    def test_a_file_is_kept_with_the_report_and_saved_by_readers(
        self, client: Client, action: Action, office: Office
    ) -> None:
        _as(client, office, "contributor")
        sent = {"seen": "0", "on": _today(), "state": "in-progress", "text": "Minutes."}
        assert (
            client.post(f"{PAGE}actions/1/report/", sent | {"file": self._file()}).status_code
            == 302
        )
        piece = FollowUpEvidence.objects.get()
        assert (piece.name, piece.media_type) == ("minutes.pdf", "application/pdf")
        answer = client.get(f"{PAGE}evidence/{piece.pk}/")
        assert b"".join(answer) == sample_files.PDF
        assert answer["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
        assert answer["Content-Security-Policy"].startswith("sandbox")
        other = Client()
        assert other.get(f"{PAGE}evidence/{piece.pk}/").status_code == 302

    def test_delegations_and_other_recommendations_do_not_reach_it(
        self, client: Client, action: Action, office: Office
    ) -> None:
        entry = action.follow_ups.get()
        owner = factories.person("Omar", contributor=office)
        piece = follow_up_evidence.add_file(
            follow_up=entry, name="a.pdf", content=sample_files.PDF, title="", by=owner, at=NOW
        )
        rows.recommendation(action.recommendation.evaluation, office=office)
        client.force_login(owner)
        assert client.get(f"/en/recommendations/2-2016-2/evidence/{piece.pk}/").status_code == 404
        assert client.get(f"{PAGE}evidence/{9**40}/").status_code == 404
        _as(client, factories.office("XX", kind="mission"), "committee")
        assert client.get(f"{PAGE}evidence/{piece.pk}/").status_code == 404

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "This file is empty."),
            (sample_files.PE, "Files of this kind are not kept here."),
        ],
    )
    def test_with_a_file_that_is_not_taken_nothing_is_reported(
        self, client: Client, action: Action, office: Office, content: bytes, words: str
    ) -> None:
        _as(client, office, "contributor")
        sent = {"seen": "0", "on": _today(), "text": "Done, see the file."}
        page = client.post(f"{PAGE}actions/1/propose/", sent | {"file": self._file(content)})
        assert page.status_code == 422
        assert words in page.content.decode()
        assert "Done, see the file." in page.content.decode()
        assert action.follow_ups.count() == 1

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "minutes", "https://" + "a" * 200])
    def test_a_link_is_a_web_address(
        self, client: Client, action: Action, office: Office, link: str
    ) -> None:
        _as(client, office, "contributor")
        page = client.post(f"{PAGE}actions/1/evidence/", {"link": link})
        assert page.status_code == 422
        assert not FollowUpEvidence.objects.exists()

    def test_the_same_link_twice_is_one_and_none_is_refused(
        self, client: Client, action: Action, office: Office
    ) -> None:
        _as(client, office, "contributor")
        for _time in range(2):
            sent = {"link": "https://example.org/a", "title": "Minutes"}
            assert client.post(f"{PAGE}actions/1/evidence/", sent).status_code == 302
        assert FollowUpEvidence.objects.get().title == "Minutes"
        assert client.post(f"{PAGE}actions/1/evidence/", {}).status_code == 422

    def test_what_was_verified_keeps_its_evidence(self, action: Action, office: Office) -> None:
        owner = factories.person("Omar", contributor=office)
        rows.follow_ups(action, ["proposed", "implemented"])
        with pytest.raises(RuleBroken) as refused:
            follow_up_evidence.add_link(
                follow_up=action.follow_ups.all()[0], title="", link="https://example.org",
                by=owner, at=NOW,
            )  # fmt: skip
        assert refused.value.code == "action_closed"

    def test_only_owners_add_it_and_nothing_is_stored_for_others(
        self, action: Action, shelf: Path
    ) -> None:
        officer = factories.person("Eva", evaluation_officer=factories.office("EVU"))
        with pytest.raises(NotAllowed):
            follow_up_evidence.add_file(
                follow_up=action.follow_ups.get(), name="a.pdf", content=sample_files.PDF,
                title="", by=officer, at=NOW,
            )  # fmt: skip
        assert list(shelf.iterdir()) == []

    def test_fifty_pieces_are_the_most(
        self, action: Action, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(follow_up_evidence, "PIECES_LIMIT", 1)
        owner = factories.person("Omar", contributor=office)
        entry = action.follow_ups.get()

        def add(link: str) -> FollowUpEvidence:
            return follow_up_evidence.add_link(
                follow_up=entry, title="", link=link, by=owner, at=NOW
            )

        add("https://example.org/1")
        with pytest.raises(RuleBroken) as refused:
            add("https://example.org/2")
        assert refused.value.code == "too_much_evidence"
