"""The pages on which the Evaluation Unit keeps an evaluation."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import factories
import pytest
import sample_files
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from evaluation_rows import biennium, criterion, evaluation, grade, mandate, recommendation, scope
from factories import person, say

from evaluations.models import CriterionRating, Evaluation, EvaluationFile, Finding
from habitat_plan.kit.wording import Wording
from indicators.services.evidence import keep
from organization.models import AuditEntry, User

pytestmark = pytest.mark.django_db
EDIT = "/en/evaluations/land-2016/edit/"


@pytest.fixture
def officer() -> User:
    """The evaluation officer."""
    return person("Eva Officer", evaluation_officer=factories.office("EVU", kind="unit"))


@pytest.fixture
def desk(officer: User, client: Client) -> Client:
    """A browser in which the evaluation officer is signed in."""
    client.force_login(officer)
    return client


@pytest.fixture
def one() -> Evaluation:
    """A planned evaluation."""
    return evaluation("land-2016", title=say("Land and governance"))


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Path:
    """A folder of its own for files."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


def words(page: HttpResponse) -> str:
    """The page as text."""
    return page.content.decode()


def sent(desk: Client, part: str, **typed: Any) -> HttpResponse:
    """What comes back after a form of one part, made from the first revision, was sent."""
    given = {"seen_revision": "0", "language": "en"} | typed
    found: Any = desk.post(f"{EDIT}{part}/", given)
    return found


FACTS = {"title": "Land and governance", "kind": "subprogramme"}


def test_the_page_offers_every_part_and_names_those_that_are_empty(
    desk: Client, one: Evaluation
) -> None:
    criterion()
    text = words(desk.get(EDIT))
    for part in ("facts", "scope", "team", "criteria", "finding", "file", "step"):
        assert f'action="{EDIT}{part}/"' in text
    assert f'action="{EDIT}publish/"' not in text
    assert "<h1>Seven parts of this evaluation are still empty</h1>" in text
    Evaluation.objects.filter(pk=one.pk).update(terms=say("Terms.").to_json())
    assert "<h1>Six parts of this evaluation are still empty</h1>" in words(desk.get(EDIT))


def test_an_evaluation_is_planned_by_form(desk: Client) -> None:
    biennium()
    mandate("m-7")
    typed = FACTS | {
        "code": "Land-2018",
        "language": "en",
        "plan": "2016-2017",
        "mandate": "m-7",
        "conducted_by": "mixed",
        "budget": "80000.50",
        "starts_on": "2018-01-01",
        "ends_on": "2018-06-30",
        "purpose": "To learn.",
    }
    first = desk.post("/en/evaluations/new/", typed)
    assert (first.status_code, first["Location"]) == (302, "/en/evaluations/land-2018/edit/")
    again = desk.post("/en/evaluations/new/", typed)
    assert again["Location"] == first["Location"]
    made = Evaluation.objects.get()
    assert (str(made.budget), made.plan and made.plan.code) == ("80000.50", "2016-2017")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": ""}, "Write a word for its address."),
        ({"code": "new"}, "Write a short word of letters"),
        ({"title": ""}, "Write the title of the evaluation."),
        ({"kind": ""}, "Choose what kind of evaluation it is."),
        ({"budget": "much"}, "Write a number, such as 80000."),
        ({"budget": "-1"}, "Give dollars and cents"),
        ({"starts_on": "soon"}, "Write the day as year-month-day"),
        ({"plan": "1999"}, "1999 is not one of the available choices"),
        ({"purpose": "x" * 5001}, "5000 are the most"),
    ],
)
def test_what_cannot_be_planned_comes_back_as_it_was_typed(
    desk: Client, given: dict[str, str], sentence: str
) -> None:
    typed = FACTS | {"code": "land-2018", "language": "en", "symbol": ""} | given
    typed.setdefault("purpose", "To learn what worked.")
    page = desk.post("/en/evaluations/new/", typed)
    assert page.status_code == 422
    assert sentence in words(page)
    if "title" not in given:
        assert 'value="Land and governance"' in words(page)
    assert not Evaluation.objects.exists()


def test_facts_are_saved_in_the_language_in_which_they_were_written(
    desk: Client, one: Evaluation
) -> None:
    page = sent(desk, "facts", **FACTS | {"title": "Le foncier", "language": "fr"})
    assert page["Location"] == f"{EDIT}?in=fr#facts"
    one.refresh_from_db()
    assert {local.language: local.text for local in one.title} == {
        "en": "Land and governance",
        "fr": "Le foncier",
    }
    assert 'value="Le foncier"' in words(desk.get(f"{EDIT}?in=fr"))
    assert 'value="Land and governance"' in words(desk.get(EDIT))


def test_a_refused_form_keeps_what_was_typed_and_says_why_at_its_field(
    desk: Client, one: Evaluation
) -> None:
    typed = {"starts_on": "2016-05-01", "ends_on": "2016-04-30", "summary": "Long and careful."}
    page = sent(desk, "facts", **FACTS | typed)
    assert page.status_code == 422
    text = words(page)
    assert "Long and careful." in text
    assert 'id="facts-ends_on_error"' in text
    assert "The last day lies before the first." in text
    one.refresh_from_db()
    assert one.revision == 0


def test_a_stale_form_comes_back_and_can_be_sent_again(desk: Client, one: Evaluation) -> None:
    sent(desk, "facts", **FACTS | {"symbol": "HS/1"})
    page = sent(desk, "facts", **FACTS | {"symbol": "HS/2", "summary": "Mine."})
    text = words(page)
    assert page.status_code == 409
    assert "Somebody else changed this meanwhile" in text
    assert "Mine." in text
    assert '<input type="hidden" name="seen_revision" value="1" id="facts-seen_revision">' in text
    again = sent(desk, "facts", **FACTS | {"symbol": "HS/2", "seen_revision": "1"})
    assert again.status_code == 302
    one.refresh_from_db()
    assert one.symbol == "HS/2"


@pytest.mark.parametrize("seen", ["", "x", "-1", str(10**30)])
def test_a_form_that_does_not_say_what_it_saw_is_refused(
    desk: Client, one: Evaluation, seen: str
) -> None:
    page = sent(desk, "facts", **FACTS | {"symbol": "HS/2", "seen_revision": seen})
    assert page.status_code in {409, 422}
    one.refresh_from_db()
    assert one.symbol == ""


def test_the_scope_is_chosen_by_code(desk: Client, one: Evaluation) -> None:
    area, office = factories.focus_area(1), factories.office("RO9", kind="regional")
    page = sent(
        desk,
        "scope",
        plan="on",
        focus_areas=[area.code],
        offices=["RO9"],
        strategies="Land tools\n\nHousing",
    )
    assert page.status_code == 302
    kinds = sorted(one.scopes.values_list("kind", flat=True))
    assert kinds == ["focus_area", "office", "plan", "strategy", "strategy"]
    assert one.scopes.get(kind="office").office == office


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"projects": "prj-none"}, "The register has no project with these codes: prj-none."),
        ({"projects": "a;drop"}, "The register has no project with these codes: a;drop."),
        ({"focus_areas": ["FA99"]}, "FA99 is not one of the available choices"),
        ({"strategies": "x" * 201}, "200 are the most"),
    ],
)
def test_a_scope_of_what_there_is_not_is_refused(
    desk: Client, one: Evaluation, typed: dict[str, Any], sentence: str
) -> None:
    page = sent(desk, "scope", **typed)
    assert page.status_code == 422
    assert sentence in words(page)
    assert not one.scopes.exists()


def test_the_team_is_written_row_by_row(desk: Client, one: Evaluation) -> None:
    rows = {
        "name_0": "Ana", "capacity_0": "leader", "external_0": "on",
        "name_1": "Bo", "capacity_1": "manager",
        "name_2": "", "capacity_2": "member", "external_2": "on",
    }  # fmt: skip
    assert sent(desk, "team", **rows).status_code == 302
    assert list(one.team.order_by("name").values_list("name", "is_external")) == [
        ("Ana", True),
        ("Bo", False),
    ]
    assert 'value="Ana"' in words(desk.get(EDIT))


def test_a_team_of_more_rows_than_a_page_has_is_cut_and_not_drawn_without_end(
    desk: Client, one: Evaluation
) -> None:
    rows = {f"name_{number}": f"Person {number}" for number in range(60)}
    rows |= {f"capacity_{number}": "member" for number in range(60)}
    page = sent(desk, "team", **rows)
    assert page.status_code == 422
    assert "A team has at most 50 members." in words(page)


def test_criteria_are_chosen_and_rated_on_the_page(desk: Client, one: Evaluation) -> None:
    criterion("relevance")
    grade("good", 1)
    assert sent(desk, "criteria", criteria=["relevance"]).status_code == 302
    assert "relevance</bdi>: not rated" in words(desk.get(EDIT)).replace("\n", "")
    refused = sent(desk, "rating/relevance", grade="good", reason="", seen_revision="1")
    assert refused.status_code == 422
    assert "Say why the criterion is rated so." in words(refused)
    page = sent(desk, "rating/relevance", grade="good", reason="It is.", seen_revision="1")
    assert page["Location"] == f"{EDIT}?in=en#rating"
    assert str(CriterionRating.objects.get().reason) == "It is."


def test_findings_are_added_changed_and_taken_out_on_the_page(
    desk: Client, one: Evaluation
) -> None:
    for _ in range(2):
        assert sent(desk, "finding", text="It works.").status_code == 302
    finding = Finding.objects.get()
    where = f"finding/{finding.pk}"
    sent(desk, where, number="4", text="It lasts.", seen_revision="1")
    finding.refresh_from_db()
    assert (finding.number, str(finding.text)) == (4, "It lasts.")
    refused = sent(desk, where, number="1000", text="It lasts.", seen_revision="2")
    assert "Give a number between 1 and 999." in words(refused)
    sent(desk, where, number="4", text="It lasts.", do="remove", seen_revision="2")
    assert not Finding.objects.exists()


def upload(name: str = "report.pdf", content: bytes = sample_files.PDF) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_a_file_is_kept_downloaded_and_taken_out(
    desk: Client, one: Evaluation, shelf: Path
) -> None:
    assert sent(desk, "file", kind="report", file=upload()).status_code == 302
    file = EvaluationFile.objects.get()
    got = desk.get(f"/en/evaluations/land-2016/files/{file.pk}/")
    assert b"".join(got.streaming_content) == sample_files.PDF  # type: ignore[attr-defined]
    assert got["Content-Type"] == "application/pdf"
    assert got["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert got["Cache-Control"] == "private, no-store"
    assert sent(desk, f"file/{file.pk}", seen_revision="1").status_code == 302
    assert not EvaluationFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"a,b\n", "Reports are kept as PDF, DOCX, ODT, XLSX or ODS."),
        (b"0" * 10_000_001, "This file is larger than 10 MB."),
    ],
)
def test_a_file_that_is_no_report_is_refused_at_its_field(
    desk: Client, one: Evaluation, shelf: Path, content: bytes, sentence: str
) -> None:
    page = sent(desk, "file", kind="report", file=upload(content=content))
    assert page.status_code == 422
    assert sentence in words(page)
    assert 'id="file-file_error"' in words(page)


def test_no_file_is_refused_and_a_missing_one_says_so(
    desk: Client, one: Evaluation, shelf: Path, officer: User
) -> None:
    assert "Choose a file." in words(sent(desk, "file", kind="report"))
    lost = report_of(one, officer, sha256="1" * 64)
    page = desk.get(f"/en/evaluations/land-2016/files/{lost.pk}/")
    assert page.status_code == 409
    assert "The file cannot be read." in words(page)


def report_of(one: Evaluation, by: User, *, sha256: str = "") -> EvaluationFile:
    """A report in English that lies on the shelf."""
    return EvaluationFile.objects.create(
        evaluation=one,
        kind="report",
        language="en",
        name="report.pdf",
        media_type="application/pdf",
        size=len(sample_files.PDF),
        sha256=sha256 or keep(sample_files.PDF),
        added_at=factories.NOW,
        added_by=by,
        state="published" if one.is_published else "draft",
    )


def test_an_evaluation_goes_its_way_by_form_and_is_published(
    desk: Client, one: Evaluation, officer: User, shelf: Path
) -> None:
    today = timezone.localdate()
    report_of(one, officer)
    for revision, to in enumerate(("prepared", "under_way", "reported")):
        page = sent(desk, "step", to=to, on="2017-03-01", seen_revision=str(revision))
        assert page.status_code == 302, words(page)
    text = words(desk.get(EDIT))
    assert f'action="{EDIT}publish/"' in text
    assert 'name="report_number" value="1"' in text
    assert 'name="report_year" value="2017"' in text
    typed = {
        "report_number": "3",
        "report_year": "2017",
        "on": today.isoformat(),
        "seen_revision": "3",
    }
    refused = sent(desk, "publish", **typed)
    assert "Check every part first, then say so here." in words(refused)
    for _ in range(2):
        page = sent(desk, "publish", **typed | {"sure": "on"})
        assert page.status_code == 302  # the second comes to an address that is no more
        assert page["Location"] == "/en/evaluations/3-2017/edit/?in=en#publish"
    one.refresh_from_db()
    assert (one.number, one.state, one.response_due_on) == (
        "3/2017",
        "published",
        today + timedelta(days=60),
    )
    assert one.steps.filter(to_state="published").count() == 1
    assert desk.get(EDIT).status_code == 200
    after = words(desk.get("/en/evaluations/3-2017/edit/"))
    assert "<h1>Evaluation Report 3/2017 is published and stays as it is</h1>" in after
    assert "/edit/facts/" not in after


def test_a_step_back_without_a_reason_is_refused_at_its_field(desk: Client) -> None:
    evaluation("land-2016", state="prepared")
    page = sent(desk, "step", to="planned", on="2017-03-01")
    assert page.status_code == 422
    assert 'id="step-reason_error"' in words(page)
    assert 'value="planned"' in words(page)


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"to": "reported"}, 409),
        ({"to": "published"}, 409),
        ({"to": "lost"}, 422),
        ({"to": ""}, 422),
        ({"to": "prepared", "on": "tomorrow"}, 422),
        ({"to": "prepared", "on": "9999-12-31"}, 422),
        ({"to": "prepared", "reason": "a\x00b"}, 400),
    ],
)
def test_a_step_that_is_not_the_next_is_refused(
    desk: Client, one: Evaluation, typed: dict[str, str], status: int
) -> None:
    page = sent(desk, "step", **{"on": "2017-03-01"} | typed)
    assert page.status_code == status
    one.refresh_from_db()
    assert one.state == "planned"


def test_what_was_written_while_somebody_published_is_shown_and_not_lost(desk: Client) -> None:
    evaluation("land-2016", state="published")
    page = sent(desk, "facts", **FACTS | {"summary": "An hour of work."})
    assert page.status_code == 409
    text = words(page)
    assert "This evaluation is published and stays as it is." in text
    assert "An hour of work." in text


def test_an_amendment_is_recorded_once_and_shown(desk: Client) -> None:
    one = evaluation("land-2016", state="published", published_on=date(2017, 1, 1))
    for _ in range(2):
        page = sent(desk, "amend", text="Page 3: read 12.", on="2017-03-01")
        assert page.status_code == 302
    assert one.amendments.get().number == 1
    text = words(desk.get(EDIT))
    assert "Amendment 1, 1 March 2017" in text
    assert "Page 3: read 12." in text
    assert sent(desk, "amend", text="", on="2017-03-01").status_code == 422


PARTS = (
    "facts", "scope", "team", "criteria", "rating/relevance", "finding", "finding/1", "file",
    "file/1", "step", "publish", "amend",
)  # fmt: skip


def test_the_public_finds_no_door_to_what_is_not_published(
    client: Client, one: Evaluation, officer: User, shelf: Path
) -> None:
    file = report_of(one, officer)
    assert client.get(f"/en/evaluations/land-2016/files/{file.pk}/").status_code == 404
    delegate = person("Dee", committee=factories.office("PM", kind="mission"))
    client.force_login(delegate)
    assert client.get(f"/en/evaluations/land-2016/files/{file.pk}/").status_code == 404
    assert client.get(EDIT).status_code == 404
    assert client.get("/en/evaluations/new/").status_code == 404
    for part in PARTS:
        assert client.post(f"{EDIT}{part}/").status_code == 404, part
    assert not AuditEntry.objects.exists()


def test_who_is_not_signed_in_is_asked_to_sign_in(client: Client, one: Evaluation) -> None:
    for address in (EDIT, "/en/evaluations/new/", f"{EDIT}facts/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/en/sign-in/")


@pytest.mark.parametrize("role", ["contributor", "approver", "quality_assurance", "manager"])
def test_others_of_the_secretariat_are_told_whose_work_it_is(
    client: Client, one: Evaluation, role: str
) -> None:
    client.force_login(person("Other", **{role: factories.office()}))
    for answer in (
        client.get(EDIT),
        client.get("/en/evaluations/new/"),
        *(client.post(f"{EDIT}{part}/") for part in PARTS),
    ):
        assert answer.status_code == 403
        assert "Evaluation officer" in words(answer) or "evaluation officer" in words(answer)
    assert not AuditEntry.objects.exists()


def read(client: Client, file: EvaluationFile) -> bytes:
    """What the download of a file holds."""
    got: Any = client.get(f"/en/evaluations/{file.evaluation.code}/files/{file.pk}/")
    assert got.status_code == 200
    # Closing the answer would end the test's own connection to the database with it.
    return b"".join(got.streaming_content)


def test_a_published_file_is_for_everybody_once_the_embargo_is_over(
    client: Client, officer: User, shelf: Path
) -> None:
    today = timezone.localdate()
    free = evaluation("free", state="published", embargo_until=today)
    held = evaluation("held", state="published", embargo_until=today + timedelta(days=1))
    shown, hidden = report_of(free, officer), report_of(held, officer)
    assert read(client, shown) == sample_files.PDF
    assert client.get(f"/en/evaluations/held/files/{hidden.pk}/").status_code == 404
    assert client.get(f"/en/evaluations/free/files/{hidden.pk}/").status_code == 404
    client.force_login(person("Other", contributor=factories.office()))
    assert read(client, hidden) == sample_files.PDF


@pytest.mark.parametrize(
    "part",
    ["nothing", "rating", "rating/none", "finding/999", f"finding/{10**30}", "file/7", "facts/1"],
)
def test_addresses_of_nothing_are_not_found(desk: Client, one: Evaluation, part: str) -> None:
    assert sent(desk, part).status_code == 404


def test_a_finding_of_another_evaluation_is_not_found_here(desk: Client, one: Evaluation) -> None:
    other = Finding.objects.create(evaluation=evaluation("other"), number=1, text=say("Theirs."))
    assert sent(desk, f"finding/{other.pk}", text="Mine.").status_code == 404
    assert desk.get("/en/evaluations/none/edit/").status_code == 404
    assert desk.get(f"/en/evaluations/land-2016/files/{10**30}/").status_code == 404


def test_a_part_opened_by_its_address_leads_to_the_page(desk: Client, one: Evaluation) -> None:
    assert desk.get(f"{EDIT}facts/")["Location"] == EDIT


def test_the_page_stands_in_every_language(desk: Client, one: Evaluation) -> None:
    for language in ("ar", "zh", "fr", "ru", "es"):
        page = desk.get(f"/{language}/evaluations/land-2016/edit/")
        assert page.status_code == 200
        assert f'name="language" value="{language}"' in words(page)


def filled(one: Evaluation, officer: User, rows: int) -> None:
    """So many more of everything."""
    for number in range(rows):
        code = f"{one.code}-{number}"
        scope(one, office=factories.office(f"X{code.upper()}"))
        measure = criterion(f"c-{code}")
        one.criteria.add(measure)
        Finding.objects.create(
            evaluation=one, number=number + 1, text=say("Found."), criterion=measure
        )
        recommendation(one, office=factories.office())
        one.team.create(name=f"Person {number}", capacity="member")


def test_as_many_queries_for_much_as_for_little(
    desk: Client, officer: User, django_assert_max_num_queries: Any
) -> None:
    counted = []
    for code, rows in (("small", 1), ("large", 12)):
        one = evaluation(code)
        filled(one, officer, rows)
        with django_assert_max_num_queries(45) as queries:
            assert desk.get(f"/en/evaluations/{code}/edit/").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_text_of_others_is_never_a_program_on_the_page(desk: Client, one: Evaluation) -> None:
    harm = "<script>alert(1)</script>"
    title = Wording.of(en=harm)
    Evaluation.objects.filter(pk=one.pk).update(title=title.to_json())
    Finding.objects.create(evaluation=one, number=1, text=say(harm))
    assert harm not in words(desk.get(EDIT))
