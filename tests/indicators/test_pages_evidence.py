"""Evidence as a person meets it: adding, reading, taking out; and hostile files at the door."""

import html
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import factories
import pytest
import sample_files as files
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from habitat_plan.kit.uploads import KINDS
from indicators.models import Evidence, Indicator
from indicators.queries.evidence import path_of
from indicators.services import evidence
from organization.models import User

PAGE = "/en/offices/BR1/2016/AA1/evidence/"
NOW = factories.NOW


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response) -> str:
    return html.unescape(response.content.decode())


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def sent(
    client: Client,
    *,
    name: str = "Decree.pdf",
    content: bytes = files.PDF,
    page: str = PAGE,
    **form,
):
    return client.post(page, {"file": named(name, content), **form})


def named(name: str, content: bytes) -> SimpleUploadedFile:
    """A file whose name nobody cleaned yet."""
    file = SimpleUploadedFile("x", content, "text/html")
    file._name = name.encode("utf-8", "replace").decode()
    return file


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings) -> Path:
    """A folder of its own for the files of each test."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture
def measure(house: factories.House) -> Indicator:
    return factories.indicator("AA1", offices=[house.branch, house.region])


@pytest.fixture
def client(house: factories.House, measure: Indicator) -> Client:
    return signed_in(house.contributor)


def piece_of(
    house: factories.House, measure: Indicator, *, region: bool = False, **given
) -> Evidence:
    values = {
        "indicator": measure, "period": house.year, "name": "Decree.pdf", "content": files.PDF,
        "title": "Decree", "note": "", "at": NOW,
        "office": house.region if region else house.branch,
        "by": house.regional if region else house.contributor,
    }  # fmt: skip
    return evidence.add_file(**values | given)


class TestAdding:
    def test_a_file_shows_its_kind_size_person_and_that_nobody_scanned_it(self, client):
        assert sent(client, title="Gazette").status_code == 302
        page = text(client.get(PAGE))
        for words in (
            "Gazette",
            "PDF",
            "Decree.pdf",
            "not scanned for viruses",
            "Ana Contributor",
            "One piece of evidence for AA1",
        ):
            assert words in page

    @pytest.mark.parametrize(
        ("back", "address"),
        [
            ("figure", "/en/offices/BR1/2016/AA1/#evidence"),
            ("", f"{PAGE}#evidence"),
            ("https://evil.example", f"{PAGE}#evidence"),
        ],
    )
    def test_leads_back_to_the_page_it_came_from_and_nowhere_else(self, client, back, address):
        assert sent(client, back=back).headers["Location"] == address

    def test_what_is_refused_keeps_title_and_note(self, client):
        answer = sent(client, content=b"<svg/>", title="Map", note="Drawn in 2016")
        assert answer.status_code == 422
        assert "Save it as PDF" in text(answer)
        assert 'value="Map"' in text(answer) and "Drawn in 2016" in text(answer)
        assert not Evidence.objects.exists()

    def test_what_is_too_large_is_refused_in_words(self, client):
        for size in (10_000_001, 26_000_000):
            answer = sent(client, content=b"a" * size, title="Map")
            assert answer.status_code == 422
            assert "larger than 10 MB" in text(answer) and 'value="Map"' in text(answer)

    def test_a_link_and_a_note_need_no_file(self, client):
        client.post(PAGE, {"link": "https://example.org/gazette", "title": "Gazette"})
        client.post(PAGE, {"note": "Seen in the archive"})
        assert [(e.link, e.note) for e in Evidence.objects.all()] == [
            ("https://example.org/gazette", ""),
            ("", "Seen in the archive"),
        ]

    def test_nothing_at_all_is_asked_about(self, client):
        answer = client.post(PAGE, {"title": "x"})
        assert (answer.status_code, "Give a file, a link or a note." in text(answer)) == (422, True)

    def test_a_file_and_a_link_are_two_pieces(self, client):
        assert "Add the file first" in text(sent(client, link="https://example.org"))
        assert not Evidence.objects.exists()

    def test_an_empty_file_is_refused_in_words(self, client):
        assert "This file is empty" in text(sent(client, content=b""))

    def test_may_name_the_authority_it_belongs_to(self, house, client):
        count = factories.indicator("FA2.1", kind="count", offices=[house.branch])
        own = factories.achievement(count, factories.authority("Alba"), house.branch)
        other = factories.achievement(count, factories.authority("Bela"), factories.office("ZZ"))
        page = "/en/offices/BR1/2016/FA2.1/evidence/"
        assert sent(client, page=page, achievement=own.pk).status_code == 302
        assert Evidence.objects.get().achievement == own
        assert "Alba" in text(client.get(page))
        assert sent(client, page=page, achievement=other.pk).status_code == 422

    def test_is_not_offered_nor_done_while_the_figures_are_locked(self, house, client):
        factories.submission(house.branch, state="submitted")
        assert "Add evidence" not in text(client.get(PAGE))
        assert sent(client).status_code == 422
        assert not Evidence.objects.exists()


class TestTakingOut:
    def test_is_one_button_before_the_first_submission(self, house, measure, client):
        piece = piece_of(house, measure)
        assert "Remove" in text(client.get(PAGE))
        assert client.post(f"{PAGE}{piece.pk}/retire/", {}).status_code == 302
        page = text(client.get(PAGE))
        assert "One piece was taken out" in page and "Taken out by Ana Contributor" in page
        assert body(client.get(f"{PAGE}{piece.pk}/")) == files.PDF

    def test_asks_for_a_reason_after_it(self, house, measure, client):
        row = factories.submission(house.branch, state="returned")
        piece = factories.evidence(measure, house.branch)
        Evidence.objects.update(added_at=row.submitted_at)
        assert "Retire" in text(client.get(PAGE)) and "Remove" not in text(client.get(PAGE))
        refused = client.post(f"{PAGE}{piece.pk}/retire/", {"reason": ""})
        assert (refused.status_code, "Say in a sentence" in text(refused)) == (422, True)
        client.post(f"{PAGE}{piece.pk}/retire/", {"reason": "The wrong decree"})
        assert "The wrong decree" in text(client.get(PAGE))

    def test_by_reading_does_nothing(self, house, measure, client):
        piece = piece_of(house, measure)
        assert client.get(f"{PAGE}{piece.pk}/retire/").status_code == 302
        assert Evidence.objects.get().retired_at is None


class TestFile:
    def test_is_served_to_be_saved_and_never_run(self, house, measure, client):
        piece = piece_of(house, measure, name="Décret \u202e«3».html")
        answer = client.get(f"{PAGE}{piece.pk}/")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox; default-src 'none'; ")
        assert answer.headers["Cache-Control"] == "private, no-store"
        kind, name = answer.headers["Content-Disposition"].split("; ")
        assert kind == "attachment"
        assert unquote(name.removeprefix("filename*=utf-8''")) == "Décret «3».html.pdf"
        assert name.isascii()
        assert answer.streaming and body(answer) == files.PDF

    def test_that_is_gone_is_said_in_words(self, house, measure, client):
        piece = piece_of(house, measure)
        path_of(piece.sha256).unlink()
        answer = client.get(f"{PAGE}{piece.pk}/")
        assert (answer.status_code, "Tell an administrator" in text(answer)) == (409, True)

    def test_of_a_note_is_no_file(self, house, measure, client):
        note = factories.evidence(measure, house.branch)
        assert client.get(f"{PAGE}{note.pk}/").status_code == 404


class TestReaders:
    def test_of_the_office_and_of_everything_read_it(self, house, measure):
        piece = piece_of(house, measure)
        for person in (house.contributor, house.approver, house.officer, house.administrator):
            answer = signed_in(person).get(f"{PAGE}{piece.pk}/")
            assert (answer.status_code, body(answer)) == (200, files.PDF)

    def test_who_only_read_get_no_form(self, house, measure):
        piece_of(house, measure)
        page = text(signed_in(house.officer).get(PAGE))
        assert "Decree" in page and "Add evidence" not in page and "Remove" not in page

    def test_who_may_not_add_are_refused(self, house, measure):
        assert sent(signed_in(house.officer)).status_code == 403

    @pytest.mark.drill
    def test_of_other_offices_learn_nothing(self, house, measure, tell, rounds):
        """Check 2: every id of one office is asked for at every address of the other."""
        own = [piece_of(house, measure) for _ in range(rounds(2, 20))]
        others = [piece_of(house, measure, region=True) for _ in own]
        unknown = max(piece.pk for piece in own + others) + 1_000
        swaps, leaks = 0, []
        answers: dict[tuple[str, str, str], Any] = {}  # to an id that there never was
        for person, office, foreign in (
            (house.contributor, "BR1", others), (house.regional, "RO1", own), (house.approver, "BR1", others),
        ):  # fmt: skip
            client = signed_in(person)
            for code, ids in (
                (office, foreign),
                *((o, own + others) for o in ("BR1", "RO1") if o != office),
            ):
                for tail in ("", "retire/"):
                    address = "/en/offices/{}/2016/AA1/evidence/{}/" + tail
                    never = address.format(code, unknown)
                    for piece in ids:
                        asked = address.format(code, piece.pk)
                        for method in ("get", "head", "post"):
                            if method == "post" and not tail:
                                continue
                            first, about = getattr(client, method)(asked), (person.name, method, never)
                            if about not in answers:
                                answers[about] = getattr(client, method)(never)
                            second = answers[about]
                            swaps += 1
                            same = first.content.replace(
                                asked[3:].encode(), b""
                            ) == second.content.replace(never[3:].encode(), b"")
                            if (first.status_code, second.status_code, same) != (404, 404, True):
                                leaks.append((method, asked))
        tell(f"check 2 (evidence): {swaps} swaps of ids, {len(leaks)} leaks")
        assert leaks == []
        assert not Evidence.objects.exclude(retired_at=None).exists()


class TestAllEvidence:
    def test_is_that_of_my_offices(self, house, measure):
        piece_of(house, measure, title="Of the branch")
        piece_of(house, measure, title="Of the region", region=True)
        mine = text(signed_in(house.contributor).get("/en/evidence/"))
        assert "Of the branch" in mine and "Of the region" not in mine
        everything = text(signed_in(house.officer).get("/en/evidence/"))
        assert "Two pieces of evidence" in everything

    def test_is_narrowed_by_office_and_year(self, house, measure):
        piece_of(house, measure, title="Of the branch")
        piece_of(house, measure, title="Of the region", region=True)
        client = signed_in(house.officer)
        narrowed = text(client.get("/en/evidence/?office=RO1&year=2016"))
        assert "Of the region" in narrowed and "Of the branch" not in narrowed
        assert "Two pieces of evidence" in text(client.get("/en/evidence/?office=nobody"))

    def test_is_not_for_the_committee(self, house):
        member = factories.person("Gil", committee=house.branch)
        assert signed_in(member).get("/en/evidence/").status_code == 403

    @pytest.mark.parametrize(("page", "queries"), [("/en/evidence/", 9), (PAGE, 18)])
    def test_asks_the_same_questions_however_much_there_is(self, house, measure, page, queries):
        client = signed_in(house.contributor)
        counted = []
        for _ in range(2):
            for number in range(4):
                piece_of(house, measure, title=f"Piece {number}")
            with CaptureQueriesContext(connection) as captured:
                client.get(page)
            counted.append(len(captured))
        assert counted[0] == counted[1] <= queries


@pytest.mark.drill
def test_no_hostile_file_comes_in_otherwise_than_harmless(house, measure, client, shelf, tell, rounds):
    """Check 17: every hostile file is sent to the page, and what was kept is read back."""
    kinds = {kind.media_type: kind for kind in KINDS.values()}
    refused = kept = 0
    for one in list(files.hostile())[:: rounds(2, 1)]:
        answer = sent(client, name=one.name, content=one.content)
        assert answer.status_code == (422 if one.code else 302), one.name
        assert Evidence.objects.count() == (0 if one.code else 1), one.name
        refused, kept = refused + bool(one.code), kept + (not one.code)
        if one.code:
            continue
        piece = Evidence.objects.get()
        served = client.get(f"{PAGE}{piece.pk}/")
        content = body(served)
        assert served.headers["Content-Type"] in kinds
        assert piece.file_name.endswith(kinds[piece.media_type].endings)
        assert served.headers["Content-Disposition"].startswith("attachment; ")
        assert "sandbox" in served.headers["Content-Security-Policy"]
        assert not re.search(rb"<script|<\?php|MZ\x90|DOS mode", content), one.name
        assert files.SECRET not in content
        piece.delete()
    names = [path.relative_to(shelf).as_posix() for path in shelf.rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"evidence/[0-9a-f]{2}/[0-9a-f]{64}", name) for name in names)
    tell(
        f"check 17: {refused + kept} hostile files, {refused} refused, {kept} kept harmless, 0 run"
    )
    assert refused + kept >= 200
