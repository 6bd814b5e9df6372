"""The work in the background on a report's page: its steps and files, cancelling, trying again."""

from datetime import timedelta

import factories
import pytest
from django.utils import timezone
from report_shelf import ASSEMBLED, AT, CLEARED, ISSUED, Shelf, job

from jobs.models import Job
from organization.models import AuditEntry
from reporting.models import Report
from reporting.services import request_files

LEASE = {"lease_owner": "worker", "lease_until": AT + timedelta(days=9999), "started_at": AT}
STOPPED = {"lease_owner": "", "lease_until": None, "finished_at": AT}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def files(shelf: Shelf) -> dict[str, Job]:
    """The five jobs of the working copy in English, by format: each in a state of its own."""
    row = shelf.assembled.document
    asked = request_files(row=row, languages=["en"], by=shelf.officer, at=AT)
    found = {one.payload["format"]: one for one in asked}
    change(found["docx"], state="running", attempts=1, **LEASE)
    change(found["xlsx"], state="failed", error_code="font-missing", error_message="A font is "
           "missing.", **STOPPED)  # fmt: skip
    change(found["html"], state="cancelled", **STOPPED)
    change(found["json"], state="parked", attempts=3, error_code="worker-lost",
           error_message="The worker stopped each time.", **STOPPED)  # fmt: skip
    return found


def change(row: Job, **values: object) -> None:
    Job.objects.filter(pk=row.pk).update(**values)


def text_of(answer) -> str:
    return answer.content.decode()


def states() -> list[str]:
    return list(Job.objects.order_by("pk").values_list("state", flat=True))


class TestSteps:
    def test_a_page_without_script_loads_itself_again_while_work_goes_on(self, client, shelf):
        job(ASSEMBLED, shelf.officer, state="running", step="document", steps_done=1,
            steps_total=3, **LEASE)  # fmt: skip
        client.force_login(shelf.officer)
        page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
        assert '<progress id="bar" max="100" value="0">' in page
        assert "<li><b>Collecting approved figures</b> Done</li>" in page
        assert '<li class="now"><b>Freezing the document</b> Under way</li>' in page
        assert '<li class="todo"><b>Making files</b> Not begun</li>' in page
        assert "1 of 3 steps are done." in page
        assert "Assemble again" not in page

    def test_waiting_work_has_begun_nothing(self, client, shelf):
        job(ASSEMBLED, shelf.officer)
        client.force_login(shelf.officer)
        page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
        assert '<li class="todo"><b>Collecting approved figures</b> Waiting</li>' in page
        assert '<li class="todo"><b>Freezing the document</b> Not begun</li>' in page
        assert "The work waits for a free worker." in page

    def test_says_that_the_work_waits_while_the_line_is_down(self, client, shelf):
        job(ASSEMBLED, shelf.officer, rung_at=None, queued_at=timezone.now() - timedelta(hours=1))
        client.force_login(shelf.officer)
        page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
        assert "starts by itself when the line is back" in page

    def test_says_what_went_wrong_and_offers_to_try_again(self, client, shelf):
        job(ASSEMBLED, shelf.officer, state="failed", finished_at=AT, error_code="gaps",
            step="collecting", error_message="Not all figures are approved.")  # fmt: skip
        client.force_login(shelf.officer)
        page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
        assert "<b><bdi>The document</bdi></b>: <bdi>Not all figures are approved.</bdi>" in page
        assert '<li class="now"><b>Collecting approved figures</b> Failed</li>' in page
        assert 'id="work-retry">Try again' in page
        assert "Assemble again" in page
        assert "http-equiv" not in page


class TestFiles:
    def test_stand_in_a_table_each_with_its_state(self, client, shelf, files):
        client.force_login(shelf.officer)
        page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
        table = page[page.index("<caption") :]
        words = ["Waiting", "Under way", "Failed", "Cancelled", "Set aside"]
        places = [table.index(word) for word in ("DOCX", *words)]
        assert places == sorted(places)
        assert "0 of 5 files are made." in page

    def test_are_counted_as_they_are_made(self, client, shelf, files):
        row = shelf.assembled.document
        row.renderings.create(language="en", format="pdf", sha256="0" * 64, size=1, rendered_at=AT)
        client.force_login(shelf.officer)
        page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
        assert "1 of 5 files are made." in page
        assert '<progress id="bar" max="100" value="20">' in page

    def test_that_failed_are_named_with_sentence_and_reference(self, client, shelf, files):
        client.force_login(shelf.officer)
        page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
        assert (
            "<b><bdi>English XLSX</bdi></b>: <bdi>A font is missing.</bdi> "
            f'<span class="muted">Reference: <bdi class="nowrap">J{files["xlsx"].pk}-0</bdi></span>'
        ) in page
        assert "<b><bdi>English JSON</bdi></b>: <bdi>The worker stopped each time.</bdi>" in page

    def test_that_failed_alike_share_one_sentence(self, client, shelf, files):
        change(files["json"], error_message="A font is missing.")
        client.force_login(shelf.officer)
        page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
        assert "<bdi>English XLSX</bdi> · <bdi>English JSON</bdi></b>: <bdi>A font" in page

    def test_say_nothing_once_all_are_made(self, client, shelf, files):
        row = shelf.assembled.document
        for format in files:
            row.renderings.create(
                language="en", format=format, sha256="0" * 64, size=1, rendered_at=AT
            )
        Job.objects.update(state="done", **STOPPED)
        client.force_login(shelf.officer)
        assert 'id="progress"' not in text_of(client.get(f"/en/reports/{ASSEMBLED}/"))

    def test_of_an_issued_report_that_nobody_asked_for_are_offered(self, client, shelf):
        client.force_login(shelf.editor)
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        assert "Some files of this report have not been asked for yet." in page
        assert "Make the missing files" in page
        client.post(f"/en/reports/{ISSUED}/work/retry/")
        made = len(shelf.issued.document.renderings.all())
        wanted = len(Job.objects.filter(kind="render_report", state="queued"))
        assert (made, wanted) == (1, 30)

    def test_are_read_in_one_query(self, shelf, files, django_assert_num_queries):
        from reporting.queries.work import work_on

        report = Report.objects.select_related("document").get(slug=ASSEMBLED)
        shelf.officer.__dict__.pop("_holdings", None)
        work_on(report, report.document, (), (), shelf.officer)
        with django_assert_num_queries(1):
            work_on(report, report.document, (), (), shelf.officer)


class TestPart:
    def test_asks_for_the_whole_page_once_the_work_is_over(self, client, shelf):
        known = job(ASSEMBLED, shelf.officer)
        client.force_login(shelf.officer)
        address = f"/en/reports/{ASSEMBLED}/progress/"
        answer = client.get(address, headers=HTMX)
        assert "HX-Refresh" not in answer
        assert 'hx-trigger="every 2s"' in text_of(answer)
        change(known, state="done", finished_at=AT)
        assert client.get(address, headers=HTMX)["HX-Refresh"] == "true"

    def test_leads_to_the_report_without_script(self, client, shelf):
        client.force_login(shelf.officer)
        answer = client.get(f"/en/reports/{ASSEMBLED}/progress/")
        assert answer["Location"] == f"/en/reports/{ASSEMBLED}/"

    @pytest.mark.parametrize("name", ["committee", "contributor"])
    def test_is_as_if_it_never_were_for_others(self, client, shelf, files, name):
        client.force_login(getattr(shelf, name))
        there = client.get(f"/en/reports/{ASSEMBLED}/progress/", headers=HTMX)
        never = client.get("/en/reports/never-was/progress/", headers=HTMX)
        assert (there.status_code, never.status_code) == (404, 404)

    def test_nobody_else_hears_of_the_work(self, client, shelf):
        job(ISSUED, shelf.officer)
        assert 'id="progress"' not in text_of(client.get(f"/en/reports/{ISSUED}/"))


class TestCancel:
    @pytest.mark.parametrize("name", ["officer", "editor"])
    def test_stops_all_that_waits_or_runs(self, client, shelf, files, name):
        client.force_login(getattr(shelf, name))
        answer = client.post(f"/en/reports/{ASSEMBLED}/work/cancel/", follow=True)
        assert states() == ["cancelled", "cancelled", "failed", "cancelled", "parked"]
        assert "The work is cancelled. What was made by then stays." in text_of(answer)
        entry = AuditEntry.objects.latest("number")
        assert (entry.action, entry.changes) == ("cancel work", {"jobs": [None, 2]})

    def test_says_so_if_nothing_is_under_way(self, client, shelf):
        client.force_login(shelf.officer)
        answer = client.post(f"/en/reports/{ASSEMBLED}/work/cancel/", follow=True)
        assert "No work on this report is under way" in text_of(answer)

    def test_is_offered_to_those_who_may_only(self, client, shelf, files):
        for person, offered in ((shelf.editor, True), (manager(), False)):
            client.force_login(person)
            page = text_of(client.get(f"/en/reports/{ASSEMBLED}/"))
            assert ('id="work-cancel"' in page, 'id="work-retry"' in page) == (offered, offered)

    @pytest.mark.parametrize("verb", ["cancel", "retry"])
    def test_is_refused_to_a_manager_who_did_not_ask_for_it(self, client, shelf, files, verb):
        client.force_login(manager())
        before = states()
        answer = client.post(f"/en/reports/{ASSEMBLED}/work/{verb}/")
        assert answer.status_code == 403
        assert "quality assurance officer, report editor, can cancel or restart it." in text_of(
            answer
        )
        assert states() == before

    def test_is_open_to_whoever_asked(self, client, shelf, files):
        asker = manager()
        Job.objects.update(requested_by=asker)
        client.force_login(asker)
        client.post(f"/en/reports/{ASSEMBLED}/work/cancel/")
        assert not Job.objects.filter(state__in=("queued", "running")).exists()

    @pytest.mark.parametrize("verb", ["cancel", "retry"])
    def test_asks_the_public_to_sign_in_and_takes_forms_only(self, client, shelf, files, verb):
        address, before = f"/en/reports/{ASSEMBLED}/work/{verb}/", states()
        assert client.post(address)["Location"].startswith("/en/sign-in/")
        client.force_login(shelf.officer)
        assert client.get(address)["Location"] == f"/en/reports/{ASSEMBLED}/"
        assert states() == before

    @pytest.mark.parametrize("verb", ["cancel", "retry"])
    def test_of_a_hidden_report_is_as_if_it_never_were(self, client, shelf, files, verb):
        client.force_login(shelf.contributor)
        assert client.post(f"/en/reports/{ASSEMBLED}/work/{verb}/").status_code == 404


class TestRetry:
    def test_starts_what_stopped_and_leaves_the_rest(self, client, shelf, files):
        client.force_login(shelf.editor)
        answer = client.post(f"/en/reports/{ASSEMBLED}/work/retry/", follow=True)
        assert states() == ["queued", "running", "queued", "queued", "queued"]
        assert "The work goes on where it stopped." in text_of(answer)
        files["json"].refresh_from_db()
        assert (files["json"].attempts, files["json"].error_message) == (0, "")
        entry = AuditEntry.objects.latest("number")
        assert (entry.action, entry.changes) == ("try work again", {"jobs": [None, 3]})

    def test_says_so_if_nothing_stopped(self, client, shelf):
        client.force_login(shelf.officer)
        answer = client.post(f"/en/reports/{CLEARED}/work/retry/", follow=True)
        assert "Nothing of the work on this report failed or was cancelled." in text_of(answer)


def manager():
    return factories.person("Max Manager", manager=factories.office("MGT"))
