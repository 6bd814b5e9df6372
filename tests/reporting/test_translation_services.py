"""A report handed to translators and returned: what is saved, kept out of date, or refused."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from demonstration_data import AT
from django.db import connection
from django.test.utils import CaptureQueriesContext
from once import undone

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, User
from reporting import returned_files
from reporting.exchange import read_returned, write_word, write_xliff
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report, SectionText
from reporting.queries.hand_off import hand_off
from reporting.queries.narrative import rows_of
from reporting.queries.returned import Preview, compare, preview
from reporting.queries.translation import state_in, translation_page, untranslated
from reporting.services import narrative, plan_report, section_steps, translation

TODAY = AT.date()
BODY = """In 2017 [[FA2.1@2017:actual|authority|authorities]] adopted a plan.

- The target was [[FA2.1@2017:target]].[^1]

[^1]: Counted once."""
FRENCH = {
    "In 2017 ": "En 2017, ",
    " adopted a plan.": " ont adopté un plan.",
    "authority | authorities": "autorité | autorités",
    "The target was ": "L’objectif était de ",
    "Counted once.": "Comptées une fois.",
}
OTHER = "Urban basic services grew in many cities of the regions."

pytestmark = pytest.mark.usefixtures("shelf_folder")


@pytest.fixture(scope="module")
def report_once(loaded: None) -> Iterator[Report]:
    with undone():
        yield make_report(
            Period.objects.get(code="2016-2017"), User.objects.get(email="editor@demo.example.org")
        )


@pytest.fixture
def report(report_once: Report, db: None) -> Report:
    """A report with two sections, sent and accepted."""
    return Report.objects.select_related("period").get(pk=report_once.pk)


def make_report(biennium: Period, editor: User) -> Report:
    found = plan_report(kind=BIENNIAL_PROGRESS, period=biennium, by=editor, at=AT)
    narrative.open_sections(report=found, by=editor, at=AT)
    write(found, "highlights", BODY, editor, AT)
    write(found, "support", OTHER, editor, AT)
    for code in ("highlights", "support"):
        section = found.sections.get(code=code)
        section_steps.send(section=section, by=editor, at=AT)
        section_steps.accept(section=section, by=editor, at=AT)
    # What offices explained begins other drafts; they are not sent.
    SectionText.objects.exclude(section__code__in=["highlights", "support"]).update(body="")
    return found


def write(report: Report, code: str, body: str, by: User, at: datetime) -> SectionText:
    section = report.sections.get(code=code)
    held = section.texts.filter(language="en").first()
    return narrative.save(
        section=section, language="en", body=body, by=by, at=at,
        seen_revision=held.revision if held else 0,
    )  # fmt: skip


def translated(content: bytes, words: dict[str, str]) -> bytes:
    """The XLIFF with targets made from its sources, word by word."""
    text = content.decode()
    units = []
    for unit in text.split("<unit ")[1:]:
        start, end = unit.index("<source>") + 8, unit.index("</source>")
        target = unit[start:end]
        for old, new in words.items():
            target = target.replace(old, new)
        kept = unit[: unit.index("</source>") + 9]
        units.append(f"{kept}<target>{target}</target>{unit[unit.index('</segment>') :]}")
    return ("<unit ".join([text.split("<unit ")[0], *units])).encode()


def french(report: Report, **options: bool) -> bytes:
    found = hand_off(report, target="fr", today=TODAY, **options)
    assert found is not None
    return translated(write_xliff(found), {**FRENCH, OTHER: "Les services ont crû."})


def take_in(
    report: Report, content: bytes, by: User, *, despite: bool = False, at: datetime = AT
) -> Preview:
    key = translation.receive(report=report, content=content, by=by, at=at)
    seen = preview(report, key, by, today=TODAY)
    assert seen is not None
    return translation.confirm(
        report=report, key=key, seen=seen.fingerprint, despite=despite, by=by, at=at
    )


def text_of(report: Report, code: str, language: str = "fr") -> SectionText:
    return SectionText.objects.get(
        section__report=report, section__code=code, language=language
    )


class TestHandOff:
    def test_holds_what_was_sent_and_is_not_translated(self, report: Report) -> None:
        found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        assert [section.code for section in found.sections] == ["highlights", "support"]
        assert (found.source, found.target) == ("en", "fr")
        highlights = found.sections[0]
        assert highlights.title == "Highlights of the biennium"
        assert highlights.words == 400
        assert highlights.prompt.startswith("What the biennium changed")
        assert [one.source.key for one in highlights.passages] == ["1", "1.1", "2", "n1"]
        assert [one.target for one in highlights.passages] == [None] * 4

    def test_shows_figures_as_they_are_printed_now(self, report: Report) -> None:
        found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        assert set(found.shown) == {"FA2.1@2017:actual", "FA2.1@2017:target"}
        assert f'disp="{found.shown["FA2.1@2017:target"]}"' in write_xliff(found).decode()

    def test_names_terms_of_the_plan_in_both_languages(self, report: Report) -> None:
        found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        assert found.sections[1].passages[0].terms == (
            ("Urban basic services", "Services urbains de base"),
        )

    def test_asks_for_the_forms_of_the_language(self, report: Report) -> None:
        found = hand_off(report, target="ar", today=TODAY)
        assert found is not None
        note = found.sections[0].passages[1].note
        assert note.endswith(
            "Give its 6 forms in this order: zero | one | two | few | many | other. "
            "One alone stands for all."
        )

    def test_leaves_out_what_an_office_still_writes(self, report: Report, editor: User) -> None:
        section_steps.give_back(
            section=report.sections.get(code="support"), note="Say more.", by=editor, at=AT
        )
        found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        assert [section.code for section in found.sections] == ["highlights"]

    def test_leaves_out_what_is_translated_unless_all_is_asked_for(
        self, report: Report, editor: User
    ) -> None:
        take_in(report, french(report), editor)
        assert hand_off(report, target="fr", today=TODAY) is None
        whole = hand_off(report, target="fr", everything=True, today=TODAY)
        assert whole is not None
        assert all(one.is_current for section in whole.sections for one in section.passages)

    def test_asks_again_only_for_the_passage_that_changed(
        self, report: Report, editor: User
    ) -> None:
        take_in(report, french(report), editor)
        later = AT + timedelta(days=1)
        write(report, "highlights", BODY.replace("The target", "The aim"), editor, later)
        found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        states = [(one.source.key, one.is_current) for one in found.sections[0].passages]
        assert states == [("1", True), ("1.1", True), ("2", False), ("n1", True)]
        assert found.sections[0].passages[2].target is not None

    def test_into_the_language_it_is_written_in_there_is_none(self, report: Report) -> None:
        assert hand_off(report, target="en", everything=True, today=TODAY) is None

    def test_takes_a_fixed_number_of_queries(self, report: Report, editor: User) -> None:
        with CaptureQueriesContext(connection) as few:
            hand_off(report, target="fr", today=TODAY)
        for code in ("FA1", "FA2", "FA3", "cross_cutting"):
            write(report, code, BODY, editor, AT)
            section_steps.send(section=report.sections.get(code=code), by=editor, at=AT)
        with CaptureQueriesContext(connection) as many:
            found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        assert len(found.sections) == 6
        assert len(many) == len(few)


class TestReturn:
    @pytest.mark.parametrize("write_file", [write_xliff, write_word], ids=["xliff", "docx"])
    def test_a_whole_translation_is_saved(
        self, report: Report, editor: User, write_file: Callable[..., bytes]
    ) -> None:
        take_in(report, french(report), editor)
        whole = hand_off(report, target="fr", everything=True, today=TODAY)
        assert whole is not None
        again = compare(report, read_returned(write_file(whole)), today=TODAY)
        assert [row.state for row in again.rows] == ["unchanged", "unchanged"]
        text = text_of(report, "highlights")
        assert text.body == (
            "En 2017, [[FA2.1@2017:actual|autorité|autorités]] ont adopté un plan.\n\n"
            "- L’objectif était de [[FA2.1@2017:target]].[^1]\n\n"
            "[^1]: Comptées une fois."
        )
        assert text.translates == 1
        assert text.words == 15

    def test_what_is_saved_is_recorded(self, report: Report, editor: User) -> None:
        take_in(report, french(report), editor)
        entry = AuditEntry.objects.filter(action="take in translation").get()
        assert entry.subject_label == "biennial-progress-2016-2017"
        assert entry.changes["language"] == [None, "fr"]
        assert entry.changes["sections"] == [None, ["highlights", "support"]]
        assert AuditEntry.objects.filter(action="write section", at=AT, by=editor).count() == 4

    def test_a_figure_that_is_missing_is_refused_by_name_and_nothing_is_saved(
        self, report: Report, editor: User
    ) -> None:
        content = french(report)
        at = content.rindex(b"<target>L\xe2\x80\x99objectif")
        start = content.index(b'<ph id="1"', at)
        content = content[:start] + content[content.index(b"/>", start) + 2 :]
        key = translation.receive(report=report, content=content, by=editor, at=AT)
        found = preview(report, key, editor, today=TODAY)
        assert found is not None
        [sentence] = found.rows[0].problems
        assert sentence.startswith(
            "Highlights of the biennium, passage 2 (subparagraph, “The target was .”): the figure "
            "FA2.1@2017:target, ⟦1:"
        )
        assert found.rows[1].state == "new"
        with pytest.raises(RuleBroken) as refused:
            translation.confirm(
                report=report, key=key, seen=found.fingerprint, despite=True, by=editor, at=AT
            )
        assert refused.value.code == "does_not_fit"
        assert untranslated(report)["fr"] == ["highlights", "support"]

    def test_a_passage_left_empty_keeps_the_section_untranslated(
        self, report: Report, editor: User
    ) -> None:
        content = french(report).replace("Comptées une fois.".encode(), b"")
        done = take_in(report, content, editor)
        assert done.rows[0].missing == ("passage n1 (footnote, “Counted once.”)",)
        text = text_of(report, "highlights")
        assert text.translates == 0
        assert text.body.endswith("[^1]: Counted once.")
        assert untranslated(report)["fr"] == ["highlights"]
        row = next(r for r in rows_of(report, None, today=TODAY) if r.code == "highlights")
        assert state_in(row, "fr") == "in_part"
        found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        states = [(one.source.key, one.is_current) for one in found.sections[0].passages]
        assert states == [("1", True), ("1.1", True), ("2", True), ("n1", False)]

    def test_what_was_missing_is_added_by_a_later_file(
        self, report: Report, editor: User
    ) -> None:
        take_in(report, french(report).replace("Comptées une fois.".encode(), b""), editor)
        found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        content = write_xliff(found).replace(
            b"<source>Counted once.</source>",
            "<source>Counted once.</source><target>Comptées une fois.</target>".encode(),
        )
        take_in(report, content, editor)
        assert text_of(report, "highlights").translates == 1
        assert "fr" not in untranslated(report)

    def test_a_translation_of_an_older_text_is_kept_as_out_of_date(
        self, report: Report, editor: User
    ) -> None:
        content = french(report)
        write(report, "highlights", BODY + "\n\nMore was done.", editor, AT + timedelta(days=1))
        done = take_in(report, content, editor)
        assert done.rows[0].told == (
            "The English text has changed since this file was made (revision 1, now 2). The "
            "translation is kept as out of date; download a new file to bring it up to date.",
        )
        assert text_of(report, "highlights").translates == 1
        assert untranslated(report)["fr"] == ["highlights"]

    def test_a_save_without_another_word_leaves_the_file_up_to_date(
        self, report: Report, editor: User
    ) -> None:
        content = french(report)
        write(report, "highlights", BODY + " x", editor, AT)
        write(report, "highlights", BODY, editor, AT)
        take_in(report, content, editor)
        assert text_of(report, "highlights").translates == 3
        assert "fr" not in untranslated(report)

    def test_an_older_file_does_not_replace_a_newer_translation(
        self, report: Report, editor: User
    ) -> None:
        old = french(report)
        write(report, "highlights", BODY + "\n\nOTHER", editor, AT + timedelta(days=1))
        take_in(report, french(report), editor)
        found = compare(report, read_returned(old), today=TODAY)
        assert (found.rows[0].state, found.rows[0].told) == (
            "left",
            ("A translation of a newer text is held already, so this section of the file is left "
             "out.",),
        )  # fmt: skip

    def test_an_older_file_that_lost_its_source_is_refused(
        self, report: Report, editor: User
    ) -> None:
        content = french(report)
        start, end = content.index(b"<skeleton>"), content.index(b"</skeleton>") + 11
        write(report, "highlights", BODY + "\n\nMore.", editor, AT + timedelta(days=1))
        found = compare(report, read_returned(content[:start] + content[end:]), today=TODAY)
        assert found.rows[0].problems == (
            "Highlights of the biennium has changed since this file was made, and the file no "
            "longer carries the words that were translated. Download a new file and copy the "
            "translation into it.",
        )

    def test_a_source_that_somebody_changed_in_the_file_is_not_believed(
        self, report: Report, editor: User
    ) -> None:
        content = french(report).replace(b"<skeleton>In 2017", b"<skeleton>In 1917")
        write(report, "highlights", BODY + "\n\nMore.", editor, AT + timedelta(days=1))
        found = compare(report, read_returned(content), today=TODAY)
        assert found.rows[0].state == "refused"

    def test_other_letters_are_asked_about_and_saved_when_meant(
        self, report: Report, editor: User
    ) -> None:
        content = french(report).replace(b'trgLang="fr"', b'trgLang="ar"')
        content = content.replace("autorité | autorités".encode(), "سلطة".encode())
        key = translation.receive(report=report, content=content, by=editor, at=AT)
        found = preview(report, key, editor, today=TODAY)
        assert found is not None
        assert found.is_asking
        assert found.rows[1].questions == (
            "Lead and support functions, passage 1 (paragraph, “Urban basic services grew in many "
            "cities of the…”): the translation is hardly in the letters of العربية. Is it in its place?",
        )
        with pytest.raises(RuleBroken) as refused:
            translation.confirm(
                report=report, key=key, seen=found.fingerprint, despite=False, by=editor, at=AT
            )
        assert refused.value.code == "asked"
        translation.confirm(
            report=report, key=key, seen=found.fingerprint, despite=True, by=editor, at=AT
        )
        assert text_of(report, "support", "ar").body == "Les services ont crû."

    def test_a_translation_left_as_it_was_is_asked_about(
        self, report: Report, editor: User
    ) -> None:
        take_in(report, french(report), editor)
        changed = BODY.replace("The target", "The aim")
        write(report, "highlights", changed, editor, AT + timedelta(days=1))
        found = hand_off(report, target="fr", today=TODAY)
        assert found is not None
        again = compare(report, read_returned(write_xliff(found)), today=TODAY)
        assert again.rows[0].questions == (
            "Highlights of the biennium, passage 2 (subparagraph, “The aim was .”): the section "
            "has changed since it was translated, and this translation has stayed as it was. Does "
            "it still hold?",
        )

    def test_nothing_is_saved_if_something_changed_after_the_preview(
        self, report: Report, editor: User
    ) -> None:
        key = translation.receive(report=report, content=french(report), by=editor, at=AT)
        found = preview(report, key, editor, today=TODAY)
        assert found is not None
        narrative.save(
            section=report.sections.get(code="support"), language="fr", body="Autre texte.",
            seen_revision=0, by=editor, at=AT,
        )  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            translation.confirm(
                report=report, key=key, seen=found.fingerprint, despite=True, by=editor, at=AT
            )
        assert refused.value.code == "changed_meanwhile"
        assert text_of(report, "support").body == "Autre texte."

    def test_a_file_of_another_report_is_refused(self, report: Report, editor: User) -> None:
        content = french(report).replace(b"biennial-progress-2016-2017/", b"annual-progress-2017/")
        with pytest.raises(RuleBroken) as refused:
            translation.receive(report=report, content=content, by=editor, at=AT)
        assert refused.value.code == "other_report"

    def test_a_section_that_the_report_does_not_have_is_refused(
        self, report: Report, editor: User
    ) -> None:
        content = french(report).replace(b"/support/", b"/invented/")
        found = compare(report, read_returned(content), today=TODAY)
        assert [row.state for row in found.rows] == ["new", "refused"]

    def test_a_file_into_the_language_of_the_original_is_refused(
        self, report: Report, editor: User
    ) -> None:
        content = french(report).replace(b'trgLang="fr"', b'trgLang="en"')
        found = compare(report, read_returned(content), today=TODAY)
        assert {row.state for row in found.rows} == {"refused"}

    def test_a_report_that_is_cleared_takes_nothing_in(
        self, report: Report, editor: User
    ) -> None:
        content = french(report)
        cleared = Report(pk=report.pk, kind=report.kind, state=Report.State.CLEARED)
        with pytest.raises(RuleBroken) as refused:
            translation.receive(report=cleared, content=content, by=editor, at=AT)
        assert refused.value.code == "frozen"

    def test_only_a_report_editor_takes_a_translation_in(
        self, report: Report, editor: User, officer: User
    ) -> None:
        content = french(report)
        with pytest.raises(NotAllowed):
            translation.receive(report=report, content=content, by=officer, at=AT)
        key = translation.receive(report=report, content=content, by=editor, at=AT)
        with pytest.raises(NotAllowed):
            translation.confirm(report=report, key=key, seen="", despite=True, by=officer, at=AT)
        assert preview(report, key, officer, today=TODAY) is None


class TestFiles:
    def test_a_file_that_was_put_away_is_gone(self, report: Report, editor: User) -> None:
        key = translation.receive(report=report, content=french(report), by=editor, at=AT)
        translation.put_away(report=report, key=key, by=editor)
        assert preview(report, key, editor, today=TODAY) is None
        with pytest.raises(RuleBroken) as refused:
            translation.confirm(report=report, key=key, seen="", despite=True, by=editor, at=AT)
        assert refused.value.code == "file_gone"

    def test_files_that_nobody_confirmed_go_after_thirty_days(
        self, shelf_folder: Path, report: Report, editor: User
    ) -> None:
        now = datetime.now(AT.tzinfo)
        translation.receive(report=report, content=french(report), by=editor, at=now)
        assert len(list(shelf_folder.glob("translations/*"))) == 1
        assert returned_files.remove_old(now + timedelta(days=29)) == 0
        assert returned_files.remove_old(now + timedelta(days=31)) == 1

    def test_what_is_no_key_finds_no_file(self) -> None:
        assert returned_files.read("../../etc/passwd", report=1, person=1) is None


class TestStates:
    def test_count_sections_and_words(self, report: Report, editor: User) -> None:
        content = french(report)
        take_in(report, content, editor)
        write(report, "support", OTHER + " More.", editor, AT + timedelta(days=1))
        page = translation_page(report, editor, today=TODAY)
        rows = {row.language: row for row in page.languages}
        assert [row.language for row in page.languages] == ["ar", "zh", "en", "fr", "ru", "es"]
        assert rows["en"].is_original
        counts = rows["fr"].counts
        assert (counts["translated"].sections, counts["translated"].words) == (1, 13)
        assert (counts["out_of_date"].sections, counts["out_of_date"].words) == (1, 11)
        assert counts["missing"].sections == 0
        assert rows["ar"].counts["missing"].sections == 2
        assert page.incomplete == 5

    def test_say_what_may_still_change(self, report: Report, editor: User) -> None:
        assert translation_page(report, editor, today=TODAY).moving == ()
        write(report, "FA1", "Words of an office.", editor, AT)
        write(report, "FA2", "Words of another.", editor, AT)
        section_steps.send(section=report.sections.get(code="FA2"), by=editor, at=AT)
        page = translation_page(report, editor, today=TODAY)
        assert [state for _title, state in page.moving] == ["sent for clearance"]
        assert [state for _title, state in page.in_hand] == ["being written"]

    def test_name_the_sections_that_lack_a_language(self, report: Report) -> None:
        found = untranslated(report)
        assert sorted(found) == ["ar", "es", "fr", "ru", "zh"]
        assert found["ru"] == ["highlights", "support"]
