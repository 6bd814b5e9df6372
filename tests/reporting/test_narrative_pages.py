"""The pages of a draft: who finds what, writing with and without script, two writers, figures."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from demonstration_data import AT
from django.test import Client
from once import undone

from focus_areas.models import Period
from indicators.models import Figure
from indicators.services.corrections import correct_figure
from indicators.services.entry import Typed
from organization.models import User
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report, ReportDocument, Section, SectionComment
from reporting.rules.words import Piece, differences
from reporting.services import narrative, plan_report, section_steps
from reporting.views.preview import preview_of

SLUG = "biennial-progress-2016-2017"
DRAFT = f"/en/reports/{SLUG}/draft/"
NEVER = "/en/reports/biennial-progress-2016-2017/draft/FA8/"
HERE = f"{DRAFT}FA2/"
STRANGERS = ("fa3", "committee", "administrator", "qa", "manager")


@pytest.fixture(scope="class")
def report_once(loaded: None) -> Iterator[Report]:
    biennium, editor = Period.objects.get(code="2016-2017"), person("editor")
    with undone():
        found = plan_report(kind=BIENNIAL_PROGRESS, period=biennium, by=editor, at=AT)
        narrative.open_sections(report=found, by=editor, at=AT)
        yield found


@pytest.fixture
def report(report_once: Report, db: None) -> Report:
    """A report with its sections, opened once for a class."""
    return Report.objects.select_related("period").get(pk=report_once.pk)


@pytest.fixture
def section(report: Report) -> Section:
    return report.sections.get(code="FA2")


@pytest.fixture
def writer(demonstration: None) -> User:
    return person("updb.enter")


@pytest.fixture
def at_work(client: Client, section: Section, writer: User) -> Client:
    """The writer of the section at the browser."""
    client.force_login(writer)
    return client


def person(name: str) -> User:
    name = {"fa3": "ueb.enter"}.get(name, name)
    return User.objects.get(email=f"{name}@demo.example.org")


def body_of(section: Section, language: str = "en") -> str:
    text = section.texts.filter(language=language).first()
    return text.body if text else ""


def write(section: Section, body: str, by: User) -> int:
    text = section.texts.filter(language="en").first()
    return narrative.save(
        section=section, language="en", body=body, seen_revision=text.revision if text else 0,
        by=by, at=AT,
    ).revision  # fmt: skip


def page(client: Client, address: str = HERE, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, address: str = HERE, **sent: Any) -> Any:
    return client.post(address, {"do": "save", "in": "en", **sent})


def plain(html: str) -> str:
    """The words of a page on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def same(html: str, code: str) -> str:
    """A page without what differs between two addresses and two requests."""
    return re.sub('name="csrf[^>]*>|X-CSRFToken": "[^"]*', "", html).replace(f"draft/{code}/", "")


class TestWhoFindsIt:
    @pytest.mark.parametrize("rest", ["", "figures/", "versions/", "versions/1/"])
    @pytest.mark.parametrize("who", STRANGERS)
    def test_a_draft_of_others_looks_like_none(
        self, client: Client, section: Section, writer: User, who: str, rest: str
    ) -> None:
        write(section, "Not for you.", writer)
        client.force_login(person(who))
        hidden = page(client, f"{HERE}{rest}", 404)
        assert same(hidden, "FA2") == same(page(client, f"{NEVER}{rest}", 404), "FA8")

    @pytest.mark.parametrize("rest", ["", "save/", "versions/1/"])
    @pytest.mark.parametrize("who", STRANGERS)
    def test_a_draft_of_others_takes_nothing(
        self, client: Client, section: Section, writer: User, who: str, rest: str
    ) -> None:
        revision = write(section, "Mine.", writer)
        client.force_login(person(who))
        for do in ("save", "send", "accept", "assign", "comment", "figures"):
            answer = send(client, f"{HERE}{rest}", do=do, body="Theirs.", revision=revision)
            assert answer.status_code == 404
        assert body_of(section) == "Mine."

    @pytest.mark.parametrize("address", [DRAFT, HERE, f"{HERE}versions/", "/en/sections/"])
    def test_the_public_is_asked_to_sign_in(
        self, client: Client, section: Section, address: str
    ) -> None:
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/sign-in/" in answer["Location"]

    @pytest.mark.parametrize("who", ["qa", "manager"])
    def test_what_was_sent_is_read_and_remarked_on(
        self, client: Client, section: Section, writer: User, who: str
    ) -> None:
        write(section, "Ready.", writer)
        section_steps.send(section=section, by=writer, at=AT)
        client.force_login(person(who))
        assert "Ready." in page(client)
        assert 'name="body"' not in page(client)
        send(client, do="comment", remark="Since when?", quote="Ready")
        assert SectionComment.objects.get().text == "Since when?"
        refused = send(client, do="save", body="Mine now.", revision=1)
        assert refused.status_code == 403
        assert body_of(section) == "Ready."

    @pytest.mark.parametrize("who", ["fa3", "committee", "administrator"])
    def test_what_was_sent_is_still_not_there_for_others(
        self, client: Client, section: Section, writer: User, who: str
    ) -> None:
        write(section, "Ready.", writer)
        section_steps.send(section=section, by=writer, at=AT)
        client.force_login(person(who))
        page(client, HERE, 404)

    def test_an_office_sees_its_own_sections_in_the_outline(self, at_work: Client) -> None:
        found = page(at_work, DRAFT)
        assert "FA2 " in found
        assert "FA3 " not in found

    @pytest.mark.parametrize("who", ["qa", "manager"])
    def test_states_of_drafts_are_seen_but_no_words(
        self, client: Client, section: Section, writer: User, who: str
    ) -> None:
        write(section, "Not for you.", writer)
        client.force_login(person(who))
        found = page(client, DRAFT)
        assert "Urban planning and design" in found
        assert "Not for you." not in found
        assert f'href="{HERE}"' not in found

    def test_nobody_opens_what_they_may_not(self, client: Client, section: Section) -> None:
        client.force_login(person("manager"))
        assert client.post(DRAFT).status_code == 403


class TestWritingWithoutScript:
    def test_saves_and_shows_how_it_will_print(self, at_work: Client, section: Section) -> None:
        answer = send(at_work, body="By 2017, [[FA2.1@2017:actual]] *cities*.\r\n\r\n- one")
        assert answer.status_code == 302
        assert body_of(section) == "By 2017, [[FA2.1@2017:actual]] *cities*.\n\n- one"
        found = page(at_work)
        assert re.search(r'<bdi><a class="bf" href="/en/results/FA2.1/arithmetic/\?period=2017" '
                         r'title="FA2.1@2017:actual, approved on [^"]+ by [^"]+">86</a></bdi>', found)  # fmt: skip
        assert "<em>cities</em>" in found
        assert "(a)" in found

    def test_prints_no_markup_of_others(self, at_work: Client) -> None:
        send(at_work, body='<script>alert(1)</script> [x](javascript:alert(1)) <b a="1">')
        found = page(at_work)
        assert "<script>alert" not in found
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in found
        assert 'href="javascript' not in found

    def test_keeps_what_was_typed_when_a_step_is_refused(
        self, at_work: Client, section: Section
    ) -> None:
        answer = send(at_work, do="send", body="[[oops]] here")
        assert answer.status_code == 409
        found = answer.content.decode()
        assert "Line 1: oops names no figure." in found
        assert body_of(section) == "[[oops]] here"
        revision = re.search(r'name="revision" value="(\d+)"', found)
        assert revision is not None and revision[1] == str(section.texts.get().revision)

    def test_keeps_what_was_typed_when_it_is_too_long(
        self, at_work: Client, section: Section
    ) -> None:
        answer = send(at_work, body="a" * 60_001)
        assert answer.status_code == 409
        assert "a" * 60_001 in answer.content.decode()

    def test_finds_figures_after_it_saved(self, at_work: Client, section: Section) -> None:
        answer = send(at_work, do="find", body="Typed.", q="FA2.1", period="2017", scope="")
        assert body_of(section) == "Typed."
        found = page(at_work, answer["Location"].partition("#")[0])
        assert "[[FA2.1@2017:actual]]" in found
        assert "<bdi>86</bdi>" in found

    def test_takes_the_steps(self, at_work: Client, section: Section, editor: User) -> None:
        send(at_work, do="share", body="Done.")
        assert Section.objects.get(pk=section.pk).state == "shared"
        send(at_work, do="send")
        assert Section.objects.get(pk=section.pk).state == "sent"
        at_work.force_login(editor)
        assert "Accept the section" in page(at_work)
        send(at_work, do="return", note="Where?")
        assert "Where?" in page(at_work)
        section_steps.send(section=section, by=editor, at=AT)
        send(at_work, do="accept")
        assert Section.objects.get(pk=section.pk).state == "cleared"

    def test_assigns_to_another_office(
        self, client: Client, section: Section, editor: User
    ) -> None:
        client.force_login(editor)
        send(client, do="assign", office="UEB", writer=str(person("ueb.enter").pk))
        section.refresh_from_db()
        assert (section.office.code, section.writer) == ("UEB", person("ueb.enter"))

    def test_settles_a_remark(self, at_work: Client, section: Section, editor: User) -> None:
        made = section_steps.comment(section=section, text="Why?", by=editor, at=AT)
        send(at_work, do=f"settle:{made.pk}")
        made.refresh_from_db()
        assert made.settled_by == person("updb.enter")
        assert send(at_work, do="settle:99999").status_code == 404
        assert send(at_work, do="nonsense").status_code == 404

    def test_shows_what_is_frozen(self, at_work: Client, section: Section, editor: User) -> None:
        write(section, "In time.", editor)
        document = ReportDocument.objects.create(
            report=section.report, number=1, schema_version=2, content="{}", sha256="0" * 64,
            assembled_at=AT,
        )  # fmt: skip
        Report.objects.filter(pk=section.report_id).update(
            document=document, state="cleared", cleared_at=AT, cleared_by=editor
        )
        assert "its texts stay as they are" in page(at_work)
        assert 'name="body"' not in page(at_work)
        answer = send(at_work, body="Late.", revision=1)
        assert answer.status_code == 409


class TestTwoWriters:
    def test_get_a_page_with_both_texts_and_two_choices(
        self, at_work: Client, section: Section, editor: User
    ) -> None:
        seen = write(section, "Begun.", person("updb.enter"))
        write(section, "Theirs & all.", editor)
        answer = send(at_work, body="Mine & all.", revision=seen)
        found = answer.content.decode()
        assert answer.status_code == 409
        assert "Mine &amp; all.</textarea>" in found
        assert "Theirs &amp; all.</pre>" in found
        assert "Save my text" in found
        assert "Leave the other text" in found
        assert body_of(section) == "Theirs & all."
        revision = re.search(r'name="revision" value="(\d+)"', found)
        assert revision is not None
        assert send(at_work, body="Mine & all.", revision=revision[1]).status_code == 302
        assert body_of(section) == "Mine & all."
        assert section.texts.get().versions.filter(body="Theirs & all.").exists()

    def test_may_leave_the_other_text_and_keep_their_own(
        self, at_work: Client, section: Section, editor: User
    ) -> None:
        seen = write(section, "Begun.", person("updb.enter"))
        revision = write(section, "Theirs.", editor)
        assert send(at_work, body="Mine.", revision=seen).status_code == 409
        answer = send(at_work, do="aside", body="Mine.", revision=revision)
        assert answer.status_code == 302
        assert body_of(section) == "Theirs."
        assert section.texts.get().versions.filter(body="Mine.").exists()
        again = send(at_work, do="aside", body="Mine too.", revision=revision)
        assert again.status_code == 409

    def test_differ_in_words_that_are_said(self, at_work: Client, section: Section) -> None:
        write(section, "One law.", person("editor"))
        write(section, "Two laws.", person("updb.enter"))
        revision = section.texts.get().versions.get().revision
        found = page(at_work, f"{HERE}versions/{revision}/")
        assert re.search(r"<del><span[^>]*>\[removed\] </span>One</del>", found)
        assert re.search(r"<ins><span[^>]*>\[added\] </span>Two</ins>", found)
        assert f'href="{HERE}versions/{revision}/?in=en"' in page(at_work, f"{HERE}versions/")
        assert at_work.post(f"{HERE}versions/{revision}/").status_code == 302
        assert body_of(section) == "One law."
        page(at_work, f"{HERE}versions/99/", 404)


class TestAutosave:
    def test_answers_with_the_preview(self, at_work: Client, section: Section) -> None:
        answer = send(at_work, f"{HERE}save/", body="By [[FA2.1@2017:actual]].", revision=0)
        content = answer.json()
        assert answer.status_code == 200
        assert content["revision"] == 1
        assert content["said"].startswith("Saved at ")
        assert ">86</a>" in content["side"]
        assert "2 of 250 words" in content["side"]

    def test_says_what_somebody_else_wrote(
        self, at_work: Client, section: Section, editor: User
    ) -> None:
        write(section, "Begun.", person("updb.enter"))
        write(section, "Theirs.", editor)
        answer = send(at_work, f"{HERE}save/", body="Mine.", revision=1)
        assert answer.status_code == 409
        assert answer.json()["theirs"] == "Theirs."
        assert answer.json()["revision"] == 2

    def test_of_nobody_says_where_to_sign_in(self, client: Client, section: Section) -> None:
        answer = send(client, f"{HERE}save/", body="Mine.", revision=0)
        assert answer.status_code == 401
        assert answer.json()["sign_in"] == f"/en/sign-in/?next={HERE.replace('/', '%2F')}"
        assert body_of(section) == ""

    def test_saves_nothing_in_the_name_of_whoever_signed_in_since(
        self, at_work: Client, section: Section, editor: User
    ) -> None:
        sent = {"body": "Hers.", "revision": 0, "person": person("updb.enter").pk}
        at_work.force_login(editor)
        assert send(at_work, f"{HERE}save/", **sent).status_code == 401
        assert body_of(section) == ""

    def test_says_why_not(self, at_work: Client, section: Section) -> None:
        write(section, "Ready.", person("updb.enter"))
        assert send(at_work, f"{HERE}save/", body="a" * 60_001, revision=1).status_code == 422
        section_steps.send(section=section, by=person("updb.enter"), at=AT)
        answer = send(at_work, f"{HERE}save/", body="More.", revision=1)
        assert answer.status_code == 423
        assert "Ask the report editor to return it" in answer.json()["said"]


class TestStaleFigures:
    def test_stand_with_old_and_new_and_who_changed_them(
        self, at_work: Client, section: Section, officer: User
    ) -> None:
        figure = Figure.objects.get(
            indicator__code="LS1.1", period__code="2017", office__code="OED"
        )
        assert figure.value == Decimal(14)
        write(section, "In [[LS1.1@2017:actual]] offices.", person("updb.enter"))
        correct_figure(
            figure=figure, typed=Typed(value="15", version=figure.version), language="en",
            reason="One came late.", by=officer, at=AT + timedelta(hours=1),
        )  # fmt: skip
        found = page(at_work)
        assert 'class="para is-stale"' in found
        assert "was 14 now 15" in plain(found)
        assert f"correction by {officer}" in plain(found)
        assert "One came late." in found
        assert "1 stale figure" in page(at_work, DRAFT)
        send(at_work, do="figures", look="LS1.1@2017:actual=15")
        assert "is-stale" not in page(at_work)


class TestFindingFigures:
    def found(self, client: Client, **asked: str) -> str:
        response = client.get(f"{HERE}figures/", {"in": "en", **asked})
        assert response.status_code == 200
        return response.content.decode()

    def test_goes_by_code_and_by_words_of_any_language(self, at_work: Client) -> None:
        assert "FA2.1@2017:target" in self.found(at_work, q="fa2", period="2017")
        assert "FA2.1@2017:actual" in self.found(at_work, q="الخطط", period="2017")
        assert "FA2.1@2017:actual" in self.found(at_work, q="AMÉNAGEMENT urbains", period="2017")
        assert "No figure fits" in self.found(at_work, q="nonsense", period="2017")

    def test_reads_a_reference_that_was_begun(self, at_work: Client) -> None:
        found = self.found(at_work, q="FA2.1@2017/ROAF:act", period="2019")
        assert "[[FA2.1@2017/ROAF:actual]]" in found
        assert "target" not in found

    def test_of_an_office_has_its_own_figure_only(self, at_work: Client) -> None:
        found = self.found(at_work, q="FA2.1", period="2017", scope="ROAF")
        assert re.findall(r"\[\[([^\]]+)\]\]", found) == ["FA2.1@2017/ROAF:actual"]

    def test_offers_nothing_of_the_plan_level(self, at_work: Client) -> None:
        assert "SR.a@" not in self.found(at_work, q="SR", period="2017")


class TestLanguages:
    def test_are_tabs_with_their_state(self, at_work: Client, section: Section) -> None:
        write(section, "Law.", person("updb.enter"))
        answer = at_work.post(HERE, {"do": "save", "in": "ar", "body": "قانون.", "revision": "0"})
        assert answer["Location"] == f"{HERE}?in=ar"
        found = page(at_work, f"{HERE}?in=ar")
        assert 'dir="rtl"' in found
        states = re.findall(r'lang="(\w\w)"[^>]*>[^<]+</a><small>([^<]+)</small>', found)
        assert ("ar", "translated") in states
        assert ("fr", "not translated") in states
        assert ("en", "original") in states
        write(section, "Two laws.", person("updb.enter"))
        assert "The original changed after this translation was made." in page(
            at_work, f"{HERE}?in=ar"
        )

    @pytest.mark.parametrize(
        ("language", "shown"), [("en", "1,234.5"), ("es", "1.234,5"), ("fr", "1\u202f234,5")]
    )
    def test_print_numbers_in_their_own_way(self, language: str, shown: str) -> None:
        figure = _figure(Decimal("1234.5"), 1)
        preview = preview_of("[[FA2.1@2017:actual]]", language, [figure])
        assert preview.passages[0].parts[0].text == shown

    def test_choose_the_form_by_the_number(self) -> None:
        body = "[[FA2.1@2017:actual|власть|власти|властей|власти]]"
        preview = preview_of(body, "ru", [_figure(Decimal(86), 0)])
        assert preview.passages[0].parts[0].after == "властей"


def _figure(value: Decimal, decimals: int) -> Any:
    from reporting.document import Figure as Frozen
    from reporting.queries.bound import Bound

    reference = "FA2.1@2017:actual"
    return Bound(reference, Frozen(reference, value, decimals=decimals))


class TestMySections:
    def test_lists_those_of_the_office_with_the_day_they_are_due(
        self, at_work: Client, section: Section
    ) -> None:
        write(section, "Three short words.", person("updb.enter"))
        found = page(at_work, "/en/sections/")
        assert f'href="{HERE}"' in found
        assert "3 of 250 words" in found
        assert "My sections" in found


class TestBeforeThereIsADraft:
    def test_a_report_without_sections_is_there_for_those_who_open_them(
        self, client: Client, biennium: Period, editor: User
    ) -> None:
        client.force_login(person("updb.enter"))
        page(client, DRAFT, 404)
        client.force_login(editor)
        assert "Open the sections for writing" in page(client, DRAFT)
        assert client.post(DRAFT).status_code == 302
        assert Section.objects.filter(report__slug=SLUG).count() == 10
        assert "Open the sections for writing" not in page(client, DRAFT)

    def test_says_when_nothing_waits(self, client: Client, demonstration: None) -> None:
        client.force_login(person("updb.enter"))
        assert "Nothing waits to be written." in page(client, "/en/sections/")


class TestDifferences:
    def test_lose_no_word(self) -> None:
        was, now = "One two three.", "One four three. End"
        pieces = differences(was, now)
        assert pieces == (
            Piece("same", "One "), Piece("removed", "two"), Piece("added", "four"),
            Piece("same", " three."), Piece("added", " End"),
        )  # fmt: skip
        assert "".join(one.text for one in pieces if one.kind != "added") == was
        assert "".join(one.text for one in pieces if one.kind != "removed") == now

    def test_go_by_character_in_chinese(self) -> None:
        assert [one.text for one in differences("城市规划", "城市法规")] == [
            "城市",
            "法",
            "规",
            "划",
        ]
