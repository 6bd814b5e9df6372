"""Writing sections: opened and seeded, saved by two people, versions, bound figures, steps."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from demonstration_data import AT

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Figure, Indicator
from indicators.services.corrections import correct_figure
from indicators.services.entry import Typed
from indicators.services.targets import set_target
from organization.models import AuditEntry, Office, User
from reporting.kinds import ANNUAL_PROGRESS, BIENNIAL_PROGRESS
from reporting.models import BoundFigure, Report, ReportDocument, Section, SectionText
from reporting.queries.narrative import clearance, row_of, section_row
from reporting.services import narrative, plan_report, section_steps
from reporting.services.narrative import ChangedElsewhere

LATER = AT + timedelta(minutes=1)
AREA = "FA2"
TARGET = "FA2.1@2019:target"


@pytest.fixture
def report(biennium: Period, editor: User) -> Report:
    return plan_report(kind=BIENNIAL_PROGRESS, period=biennium, by=editor, at=AT)


@pytest.fixture
def sections(report: Report, editor: User) -> dict[str, Section]:
    made = narrative.open_sections(report=report, by=editor, at=AT)
    return {section.code: section for section in made}


@pytest.fixture
def section(sections: dict[str, Section]) -> Section:
    return sections[AREA]


def someone(section: Section, role: str) -> User:
    """A person of the section's own office."""
    return User.objects.get(email=f"{section.office.code.lower()}.{role}@demo.example.org")


@pytest.fixture
def writer(section: Section) -> User:
    return someone(section, "enter")


@pytest.fixture
def head(section: Section) -> User:
    return someone(section, "approve")


def write(
    section: Section, body: str, by: User, *, seen: int | None = None, at: datetime = LATER
) -> SectionText:
    """Saves from what is stored now, unless another revision was seen."""
    text = section.texts.filter(language="en").first()
    now = text.revision if text else 0
    return narrative.save(
        section=section, language="en", body=body, by=by, at=at,
        seen_revision=now if seen is None else seen,
    )  # fmt: skip


def refusal(code: str) -> "pytest.RaisesExc[RuleBroken]":
    return pytest.raises(RuleBroken, check=lambda broken: broken.code == code)


def cleared(report: Report, editor: User) -> None:
    """Clears a report of which a document is there."""
    document = ReportDocument.objects.create(
        report=report, number=1, schema_version=2, content="{}", sha256="0" * 64, assembled_at=AT
    )
    Report.objects.filter(pk=report.pk).update(
        document=document, state="cleared", cleared_at=AT, cleared_by=editor
    )


class TestOpening:
    def test_makes_a_section_for_each_part_that_an_office_writes(
        self, sections: dict[str, Section]
    ) -> None:
        assert list(sections) == [
            "highlights", "FA1", "FA2", "FA3", "FA4", "FA5", "FA6", "FA7", "cross_cutting",
            "support",
        ]  # fmt: skip
        assert sections["highlights"].office.code == "QAU"
        assert sections["FA2"].office == sections["FA2"].office.focus_areas.get(code="FA2").branch

    def test_does_it_once(self, sections: dict[str, Section], report: Report, editor: User) -> None:
        assert narrative.open_sections(report=report, by=editor, at=LATER) == []
        assert report.sections.count() == len(sections)

    def test_is_for_editors_and_quality_assurance(self, report: Report) -> None:
        with pytest.raises(NotAllowed):
            narrative.open_sections(
                report=report, by=User.objects.get(email="manager@demo.example.org"), at=AT
            )

    def test_begins_the_draft_with_what_offices_explained(
        self, biennium: Period, editor: User
    ) -> None:
        year = Period.objects.get(code="2017")
        annual = plan_report(kind=ANNUAL_PROGRESS, period=year, by=editor, at=AT)
        figure = Figure.objects.get(
            office__code="UPDB", period=year, indicator__kind=Indicator.Kind.RATIO
        )
        Figure.objects.filter(pk=figure.pk).update(
            cause="funding",
            explanation="Two *laws* were\nnot adopted.",
            measures="A third is near.",
        )
        made = {one.code: one for one in narrative.open_sections(report=annual, by=editor, at=AT)}
        body = made["FA2.challenges"].texts.get().body
        reference = f"{figure.indicator.code}@2017/UPDB:actual"
        assert f"[[{reference}]]" in body
        assert r"Two \*laws\* were not adopted. Measures: A third is near." in body
        assert "(Illustrative.)" in body
        assert not made["FA3.challenges"].texts.exists()
        seen = BoundFigure.objects.get(section=made["FA2.challenges"], reference=reference)
        assert seen.seen_by == editor

    def test_is_told_in_the_trail(self, sections: dict[str, Section]) -> None:
        assert AuditEntry.objects.filter(action="open section").count() == len(sections)


class TestSaving:
    def test_counts_words_and_revisions(self, section: Section, writer: User) -> None:
        before = section.texts.count()
        text = write(section, "Three short words.", writer)
        assert (before, text.revision, text.words, text.written_by) == (0, 1, 3, writer)
        assert write(section, "Four words now here.", writer).revision == text.revision + 1

    def test_of_the_same_words_changes_nothing(self, section: Section, writer: User) -> None:
        text = write(section, "Same.", writer)
        assert write(section, "Same.", writer, seen=0).revision == text.revision

    def test_makes_the_one_who_begins_the_writer(self, section: Section, writer: User) -> None:
        write(section, "Mine.", writer)
        section.refresh_from_db()
        assert section.writer == writer

    def test_refuses_to_overwrite_what_somebody_else_wrote(
        self, section: Section, writer: User, editor: User
    ) -> None:
        seen = write(section, "Begun.", writer).revision
        write(section, "Theirs.", editor, seen=seen)
        with pytest.raises(ChangedElsewhere) as refused:
            write(section, "Mine.", writer, seen=seen)
        assert refused.value.theirs.body == "Theirs."
        assert refused.value.details == ("Theirs.",)
        assert section.texts.get(language="en").body == "Theirs."

    def test_keeps_what_another_person_wrote(
        self, section: Section, writer: User, editor: User
    ) -> None:
        write(section, "First.", writer)
        text = write(section, "Second.", editor)
        assert text.versions.values_list("body", flat=True)[0] == "First."

    def test_keeps_one_version_for_a_sitting(self, section: Section, writer: User) -> None:
        text = write(section, "One.", writer)
        kept = text.versions.count()
        write(section, "One. Two.", writer, at=LATER + timedelta(minutes=9))
        assert text.versions.count() == kept
        write(section, "One. Two. Three.", writer, at=LATER + timedelta(minutes=20))
        assert text.versions.first().body == "One. Two."
        assert text.versions.count() == kept + 1

    def test_keeps_the_present_text_if_asked(self, section: Section, writer: User) -> None:
        text = write(section, "Good.", writer)
        narrative.save(section=section, language="en", body="Good.", seen_revision=text.revision,
                       by=writer, at=LATER, keep=True)  # fmt: skip
        assert text.versions.first().body == "Good."

    def test_restores_an_earlier_text_and_keeps_the_present_one(
        self, section: Section, writer: User, editor: User
    ) -> None:
        write(section, "First.", writer)
        text = write(section, "Second.", editor)
        restored = narrative.restore(version=text.versions.get(body="First."), by=writer, at=LATER)
        assert restored.body == "First."
        assert restored.revision == text.revision + 1
        assert text.versions.filter(body="Second.").exists()

    def test_of_a_translation_says_which_original_it_follows(
        self, section: Section, writer: User
    ) -> None:
        original = write(section, "Law.", writer)
        text = narrative.save(section=section, language="fr", body="Droit.", seen_revision=0,
                              by=writer, at=LATER)  # fmt: skip
        assert text.translates == original.revision

    def test_refuses_what_no_section_holds(self, section: Section, writer: User) -> None:
        with refusal("too_long"):
            write(section, "a" * 60_001, writer)
        with refusal("unknown_language"):
            narrative.save(section=section, language="de", body="", seen_revision=0, by=writer,
                           at=AT)  # fmt: skip

    def test_is_frozen_with_its_report(self, section: Section, editor: User) -> None:
        write(section, "In time.", editor)
        cleared(section.report, editor)
        with refusal("frozen"):
            write(section, "Late.", editor)
        with refusal("frozen"):
            section_steps.comment(section=section, text="Late.", by=editor, at=LATER)
        assert section.texts.get().body == "In time."


class TestWhoMayWrite:
    def test_a_draft_is_its_writers_alone(self, section: Section, writer: User, head: User) -> None:
        write(section, "Mine.", writer)
        with pytest.raises(NotAllowed):
            write(section, "Not yet yours.", head)
        section_steps.share(section=section, by=writer, at=LATER)
        assert write(section, "Ours.", head).body == "Ours."

    def test_nobody_of_another_office_writes(
        self, sections: dict[str, Section], section: Section
    ) -> None:
        with pytest.raises(NotAllowed):
            write(section, "Theirs.", someone(sections["FA3"], "enter"))

    @pytest.mark.parametrize("name", ["qa", "manager", "committee", "administrator"])
    def test_others_do_not_write(self, name: str, section: Section) -> None:
        with pytest.raises(NotAllowed):
            write(section, "No.", User.objects.get(email=f"{name}@demo.example.org"))

    def test_what_was_sent_waits_for_the_editor(
        self, section: Section, writer: User, editor: User
    ) -> None:
        write(section, "Done.", writer)
        section_steps.send(section=section, by=writer, at=LATER)
        with refusal("in_clearance"):
            write(section, "One more thing.", writer)
        assert write(section, "Edited.", editor).body == "Edited."


class TestBoundFigures:
    def test_remember_what_the_writer_saw(self, section: Section, writer: User) -> None:
        write(section, f"Of [[{TARGET}]].", writer)
        row = BoundFigure.objects.get(section=section, reference=TARGET)
        assert (row.value, row.seen_by) == (Decimal(110), writer)

    def test_go_with_their_reference(self, section: Section, writer: User) -> None:
        write(section, f"Of [[{TARGET}]].", writer)
        write(section, "Of none.", writer)
        assert not BoundFigure.objects.filter(section=section).exists()

    def test_are_bound_while_any_language_names_them(self, section: Section, writer: User) -> None:
        write(section, f"Of [[{TARGET}]].", writer)
        narrative.save(section=section, language="fr", body=f"De [[{TARGET}]].", seen_revision=0,
                       by=writer, at=LATER)  # fmt: skip
        write(section, "Of none.", writer)
        assert BoundFigure.objects.filter(section=section, reference=TARGET).exists()

    def test_become_stale_when_the_approved_figure_changes_and_say_who_and_why(
        self, section: Section, writer: User, officer: User
    ) -> None:
        figure = _number_of(section)
        reference = f"{figure.indicator.code}@2017/{figure.office.code}:actual"
        write(section, f"In all [[{reference}]].", writer)
        _correct(figure, officer)
        row = row_of(section, today=AT.date())
        assert row is not None
        (stale,) = row.stale
        assert stale.seen is not None and stale.seen.value == figure.value
        assert stale.figure is not None and stale.figure.value == figure.value + 1
        assert stale.changed is not None
        assert stale.changed.who == str(officer)
        assert stale.changed.why == "A report came late."
        assert stale.changed.at == LATER + timedelta(hours=1)

    def test_keep_what_was_seen_when_the_text_is_saved_again(
        self, section: Section, writer: User, officer: User
    ) -> None:
        figure = _number_of(section)
        reference = f"{figure.indicator.code}@2017/{figure.office.code}:actual"
        write(section, f"In all [[{reference}]].", writer)
        _correct(figure, officer)
        write(section, f"All in all [[{reference}]].", writer, at=LATER + timedelta(hours=2))
        assert BoundFigure.objects.get(section=section, reference=reference).value == figure.value

    def test_are_fresh_once_the_writer_has_looked(
        self, section: Section, writer: User, officer: User
    ) -> None:
        figure = _number_of(section)
        reference = f"{figure.indicator.code}@2017/{figure.office.code}:actual"
        write(section, f"In all [[{reference}]].", writer)
        _correct(figure, officer)
        shown = {reference: str(int(figure.value + 1))}
        at = LATER + timedelta(hours=2)
        wrong = {reference: str(int(figure.value))}
        assert narrative.accept_figures(section=section, looked_at=wrong, by=writer, at=at) == 0
        assert narrative.accept_figures(section=section, looked_at=shown, by=writer, at=at) == 1
        assert narrative.accept_figures(section=section, looked_at=shown, by=writer, at=at) == 0
        row = row_of(section, today=AT.date())
        assert row is not None and row.stale == ()

    def test_tell_of_a_new_target(self, section: Section, writer: User, officer: User) -> None:
        write(section, f"Of [[{TARGET}]].", writer)
        set_target(
            indicator=Indicator.objects.get(code="FA2.1"), year=2019, value=Decimal(105),
            decided_on=AT.date(), reason="Fewer cities.", by=officer,
            at=LATER + timedelta(hours=1),
        )  # fmt: skip
        row = row_of(section, today=AT.date())
        assert row is not None
        (stale,) = row.stale
        assert stale.changed is not None
        assert (stale.changed.who, stale.changed.why) == (str(officer), "Fewer cities.")


class TestSending:
    def test_waits_for_references_that_name_no_figure(self, section: Section, writer: User) -> None:
        write(section, "[[nonsense]] and [[FA9.9@2017:actual]].", writer)
        with refusal("not_ready") as refused:
            section_steps.send(section=section, by=writer, at=LATER)
        first, second = refused.value.details
        assert str(first).startswith("Line 1: nonsense names no figure.")
        assert "FA9.9@2017:actual" in str(second)

    def test_waits_for_figures_that_changed(
        self, section: Section, writer: User, officer: User
    ) -> None:
        figure = _number_of(section)
        write(section, f"[[{figure.indicator.code}@2017/{figure.office.code}:actual]]", writer)
        _correct(figure, officer)
        with refusal("not_ready"):
            section_steps.send(section=section, by=writer, at=LATER + timedelta(hours=2))

    def test_waits_for_forms_that_fit_the_language(self, section: Section, writer: User) -> None:
        write(section, f"[[{TARGET}|city|cities|of cities]]", writer)
        with refusal("not_ready") as refused:
            section_steps.send(section=section, by=writer, at=LATER)
        assert "This language asks for 2: one, other." in str(refused.value.details[0])

    def test_goes_over_the_limit_all_the_same(self, section: Section, writer: User) -> None:
        write(section, "word " * 400, writer)
        assert section_steps.send(section=section, by=writer, at=LATER).state == "sent"

    def test_needs_words(self, section: Section, writer: User) -> None:
        write(section, "", writer)
        with refusal("empty_section"):
            section_steps.send(section=section, by=writer, at=LATER)

    def test_leads_to_acceptance_or_back_with_a_note(
        self, section: Section, writer: User, editor: User
    ) -> None:
        write(section, "Done.", writer)
        section_steps.send(section=section, by=writer, at=LATER)
        with refusal("note_needed"):
            section_steps.give_back(section=section, note=" ", by=editor, at=LATER)
        back = section_steps.give_back(section=section, note="Where?", by=editor, at=LATER)
        assert (back.state, back.note) == ("returned", "Where?")
        section_steps.send(section=section, by=writer, at=LATER)
        assert section_steps.accept(section=section, by=editor, at=LATER).state == "cleared"
        with refusal("wrong_state"):
            section_steps.accept(section=section, by=editor, at=LATER)

    def test_is_accepted_by_editors_only(self, section: Section, writer: User) -> None:
        write(section, "Done.", writer)
        section_steps.send(section=section, by=writer, at=LATER)
        with pytest.raises(NotAllowed):
            section_steps.accept(section=section, by=writer, at=LATER)


class TestAssigning:
    def test_gives_the_section_to_an_office_and_a_person_of_it(
        self, section: Section, sections: dict[str, Section], editor: User
    ) -> None:
        other = sections["FA3"].office
        person = someone(sections["FA3"], "enter")
        moved = section_steps.assign(
            section=section, office=other, writer=person, by=editor, at=LATER
        )
        assert (moved.office, moved.writer) == (other, person)

    def test_refuses_a_person_who_does_not_write_for_it(
        self, section: Section, sections: dict[str, Section], editor: User
    ) -> None:
        stranger = someone(sections["FA3"], "enter")
        with refusal("not_of_office"):
            section_steps.assign(
                section=section, office=section.office, writer=stranger, by=editor, at=LATER
            )


class TestReading:
    def test_a_draft_is_there_for_its_writer_and_the_editor(
        self, section: Section, report: Report, writer: User, head: User, editor: User,
        officer: User,
    ) -> None:  # fmt: skip
        write(section, "Mine.", writer)
        today = AT.date()
        assert section_row(report, AREA, writer, today=today) is not None
        assert section_row(report, AREA, editor, today=today) is not None
        assert section_row(report, AREA, head, today=today) is None
        assert section_row(report, AREA, officer, today=today) is None
        section_steps.share(section=section, by=writer, at=LATER)
        assert section_row(report, AREA, head, today=today) is not None
        assert section_row(report, AREA, officer, today=today) is None
        section_steps.send(section=section, by=writer, at=LATER)
        assert section_row(report, AREA, officer, today=today) is not None

    @pytest.mark.parametrize("name", ["committee", "administrator", "fa3.enter"])
    def test_for_others_no_section_is_there(
        self, name: str, section: Section, sections: dict[str, Section], report: Report,
        editor: User,
    ) -> None:  # fmt: skip
        write(section, "Ready.", editor)
        section_steps.send(section=section, by=editor, at=LATER)
        user = (
            someone(sections["FA3"], "enter")
            if name == "fa3.enter"
            else User.objects.get(email=f"{name}@demo.example.org")
        )
        assert section_row(report, AREA, user, today=AT.date()) is None


class TestComments:
    def test_are_made_by_readers_and_settled_by_writers(
        self, section: Section, writer: User, officer: User
    ) -> None:
        write(section, "Ready.", writer)
        with pytest.raises(NotAllowed):
            section_steps.comment(section=section, text="Too early.", by=officer, at=LATER)
        section_steps.share(section=section, by=writer, at=LATER)
        section_steps.send(section=section, by=writer, at=LATER)
        made = section_steps.comment(
            section=section, text="Since when?", quote="Ready", by=officer, at=LATER
        )
        with refusal("text_needed"):
            section_steps.comment(section=section, text=" ", by=officer, at=LATER)
        with refusal("in_clearance"):
            section_steps.settle_comment(comment=made, by=writer, at=LATER)
        settled = section_steps.settle_comment(comment=made, by=officer, at=LATER)
        assert settled.settled_by == officer


class TestClearance:
    def test_lists_what_blocks_and_what_is_only_open(
        self, section: Section, report: Report, writer: User
    ) -> None:
        write(section, "[[FA9.9@2017:actual]]", writer)
        found = clearance(report, today=AT.date())
        assert [(one.code, one.section) for one in found.blocking] == [("unresolved", AREA)]
        assert ("not_accepted", AREA) in [(one.code, one.section) for one in found.open]
        assert ("not_written", "highlights") in [(one.code, one.section) for one in found.open]


def _number_of(section: Section) -> Figure:
    """An approved figure of 2017 that an office typed, of a level this report may print."""
    return (
        Figure.objects.filter(
            period__code="2017",
            value__isnull=False,
            indicator__kind="number",
            indicator__result__level__in=BIENNIAL_PROGRESS.levels,
            office__submissions__period__code="2017",
            office__submissions__state__in=["approved", "verified"],
        )
        .select_related("indicator", "office", "period")
        .distinct()[0]
    )


def _correct(figure: Figure, officer: User) -> None:
    correct_figure(
        figure=figure, typed=Typed(value=str(int(figure.value) + 1), version=figure.version),
        language="en", reason="A report came late.", by=officer,
        at=LATER + timedelta(hours=1),
    )  # fmt: skip


class TestOffice:
    def test_of_every_outline_is_known(self, demonstration: None) -> None:
        assert Office.objects.filter(code__in=["QAU", "PO", "MOD", "EVU", "URCDB"]).count() == 5
