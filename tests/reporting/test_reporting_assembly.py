"""The biennial progress report of 2016-2017 over the demonstration: every number by hand."""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from demonstration_data import ASSEMBLED_AT, AT
from django.db import connection
from django.test.utils import CaptureQueriesContext

from focus_areas.models import Period
from indicators.models import Achievement, Authority, Figure, Submission, Target
from organization.models import Office
from reporting.assembly import compose, take
from reporting.assembly.words import NUMBER_WORDS, Count, joined, listed, said, sentence
from reporting.document import (
    Chart,
    Document,
    FigureRef,
    NoteRef,
    Paragraph,
    Rating,
    Run,
    Table,
    Text,
    blocks_of,
    figures_of,
    fingerprint,
    to_json,
)
from reporting.kinds import BIENNIAL_PROGRESS

# Of the figures alone (not the words): the same on SQLite and PostgreSQL, on any day.
FIGURES = "121f078b06c5c9ce87cd466ba2ce52a3f6ed8922c0400ebc2cdf61d70250a901"


def assembled(period: Period, *, days: int = 0) -> Document:
    moment = ASSEMBLED_AT + timedelta(days=days)
    return compose(take(kind=BIENNIAL_PROGRESS, period=period, at=moment))


def value(document: Document, code: str, what: str) -> Decimal | str | None:
    """A figure's value, or the kind of nothing it is."""
    figure = document.figures[f"{code}@2016-2017:{what}"]
    return figure.nothing or figure.value


def row(document: Document, table: int, code: str) -> tuple[Any, ...]:
    """The cells of the row that begins with this code."""
    found = next(b for b in blocks_of(document) if isinstance(b, Table) and b.number == table)
    return next(one.cells for one in found.rows if str(one.cells[0].in_language("en")) == code)


def english(document: Document, paragraph: Paragraph) -> str:
    """A paragraph in English, its figures as plain numbers."""
    shown = []
    for run in paragraph.runs["en"]:
        if isinstance(run, Run):
            shown.append(run.text)
        elif isinstance(run, FigureRef):
            number = document.figures[run.key].value
            shown.append(run.words or f"{number.quantize(Decimal(1)):f}")
    return "".join(shown)


def paragraphs(document: Document) -> list[str]:
    return [english(document, b) for b in blocks_of(document) if isinstance(b, Paragraph)]


def digest_of_figures(document: Document) -> str:
    raw = {
        key: [
            str(figure.value and figure.value.normalize()),
            figure.nothing,
            figure.illustrative,
            [str(line.value and line.value.normalize()) for line in figure.lineage],
        ]
        for key, figure in document.figures.items()
    }
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


@pytest.fixture(scope="module")
def document_once(loaded: None) -> Document:
    return assembled(Period.objects.get(code="2016-2017"))


@pytest.fixture
def document(document_once: Document, demonstration: None) -> Document:
    """The document of the demonstration as it is, assembled once for all that read it."""
    return document_once


class TestKnownNumbers:
    @pytest.mark.parametrize(
        ("code", "baseline", "in_2015", "in_2017", "target"),
        [
            ("FA1.1", 30, 47, 64, 80),
            ("FA2.1", 42, 61, 86, 110),
            ("FA3.1", 18, 27, 33, 60),
            ("FA4.1", 25, 44, 76, 75),
            ("FA5.1", 20, 31, 45, 56),
            ("FA6.1", 12, 12, 13, 48),
            ("FA7.1", 35, 50, "not_reported", 90),
        ],
    )
    def test_of_a_focus_area_stand_in_its_row(
        self, document, code, baseline, in_2015, in_2017, target
    ):
        keys = [cell.key for cell in row(document, 1, code) if isinstance(cell, FigureRef)]
        shown = [document.figures[key].nothing or document.figures[key].value for key in keys]
        assert shown == [baseline, in_2015, in_2017, target]

    def test_keep_the_first_target_beside_the_revised_one(self, document):
        assert document.figures["FA2.1@2019:target"].value == 110
        assert document.figures["FA2.1@2019:first"].value == 120
        assert value(document, "FA2.1", "target") == document.figures["FA2.1@2017:target"].value
        marks = [
            (mark.kind, mark.figure)
            for block in blocks_of(document)
            if isinstance(block, Chart)
            for mark in block.marks
            if mark.kind == "target-old"
        ]
        assert marks == [("target-old", "FA2.1@2019:first")]

    @pytest.mark.parametrize(
        ("code", "share", "status"),
        [
            # (64 - 30) / (80 - 30) = 0.68
            ("FA1.1", Decimal("0.68"), "on_track"),
            # (33 - 18) / (60 - 18) = 0.357
            ("FA3.1", Decimal(15) / Decimal(42), "off_track"),
            # (76 - 25) / (75 - 25) = 1.02
            ("FA4.1", Decimal("1.02"), "achieved"),
            # (13 - 12) / (48 - 12) = 0.028
            ("FA6.1", Decimal(1) / Decimal(36), "no_progress"),
            ("FA7.1", None, "not_rated"),
        ],
    )
    def test_give_progress_and_rating(self, document, code, share, status):
        progress, rating = row(document, 1, code)[-2:]
        assert progress.status == rating.status == status
        if share is None:
            assert progress.achievement is None
        else:
            assert abs(progress.achievement - share) < Decimal("1e-9")

    @pytest.mark.parametrize(
        ("code", "number", "citation"),
        [
            ("MK.1", 69, "unhabitat.org/node/142304/learn-more"),
            (
                "EV.1",
                63,
                "Annual progress report 2017, section on the use of evaluations (reliefweb.int)",
            ),
        ],
    )
    def test_that_were_published_name_their_source(self, document, code, number, citation):
        figure = document.figures[f"{code}@2016-2017:actual"]
        assert figure.value == number
        assert not figure.illustrative
        assert document.sources[figure.source].citation.texts["en"] == citation
        cited = [
            run.source
            for block in blocks_of(document)
            if isinstance(block, Paragraph)
            and any(
                isinstance(run, FigureRef) and run.key == figure.key for run in block.runs["en"]
            )
            for run in block.runs["en"]
            if isinstance(run, NoteRef)
        ]
        assert cited == [figure.source]

    def test_that_were_invented_say_so(self, document):
        invented = {key for key, figure in document.figures.items() if figure.illustrative}
        assert "FA1.1@2016-2017:actual" in invented
        assert "FA1.1@2019:target" in invented
        assert "FA1.1@2016-2017:baseline" in invented
        assert not document.figures["MK.1@2019:target"].illustrative
        assert "MK.1@2019:target" not in invented
        assert document.masthead.illustrative

    def test_hash_the_same_on_both_databases(self, document):
        assert digest_of_figures(document) == FIGURES

    def test_are_illustrative_if_only_the_target_was_invented(self, biennium):
        Target.objects.filter(indicator__code="MK.1").update(illustrative=True)
        document = assembled(biennium)
        assert document.figures["MK.1@2019:target"].illustrative
        assert not document.figures["MK.1@2016-2017:actual"].illustrative


class TestSentences:
    def test_count_focus_areas_in_words(self, document):
        assert paragraphs(document)[0] == (
            "Of the seven focus areas, four stood where they should at the end of 2017; one of "
            "them had reached the target of 2019. Behind what was expected: two. Not rated: one."
        )

    def test_bind_the_numbers_of_an_indicator(self, document):
        assert (
            "Authorities with policies for equitable basic services: 76 at the end of 2017, "
            "against a baseline of 25 in 2013 and a target of 75 for 2019. That is 102 per cent "
            "of the way from baseline to target; 66 per cent was expected by then. Rated "
            "“Achieved”. The target of the last year is reached. Reported by more than one "
            "office, and counted once in the total: 11. Of the five offices concerned, four had approved figures for 2017. No approved figures for 2017: "
            "Regional Office for Asia and the Pacific."
        ) in paragraphs(document)

    def test_say_per_cent_where_the_unit_is(self, document):
        assert any(
            "69 per cent at the end of 2017, against a baseline of 30 per cent in 2015 and a "
            "target of 85 per cent for 2019." in text
            for text in paragraphs(document)
        )

    def test_do_not_blame_too_few_offices_where_the_only_one_is_missing(self, document):
        text = next(t for t in paragraphs(document) if "New Urban Agenda:" in t)
        assert "the figure for 2017 was not reported." in text
        assert "too few" not in text

    def test_say_that_too_few_offices_reported(self, document):
        text = next(t for t in paragraphs(document) if "evidence-based urban policies:" in t)
        assert "since too few of the offices concerned had approved figures." in text
        assert "Not rated: 3 of 5 offices have approved figures, fewer than two thirds." in text

    def test_name_what_is_missing_by_office_with_codes(self, document):
        assert paragraphs(document)[-3:] == [
            "Urban Research and Capacity Development Branch, 2017: FA7.1.",
            "Regional Office for Asia and the Pacific, 2017: "
            "FA1.1; FA2.1; FA3.1; FA4.1; FA5.1; FA6.1; FA7.1.",
            "External Relations Division, 2017: LS3.1.",
        ]

    def test_print_the_explanation_that_an_office_gave(self, biennium):
        figure = Figure.objects.get(indicator__code="LS1.1", period__code="2017")
        Figure.objects.filter(pk=figure.pk).update(explanation="Two surveys came late.")
        Figure.objects.filter(indicator__code="LS1.1", period__code="2015").update(
            explanation="Of an earlier biennium."
        )
        text = "\n".join(paragraphs(assembled(biennium)))
        assert f"{figure.office.name} explains for 2017: “Two surveys came late.”" in text
        assert "Of an earlier biennium." not in text

    def test_number_paragraphs_tables_and_charts_without_a_gap(self, document):
        blocks = list(blocks_of(document))
        numbers = [b.number for b in blocks if isinstance(b, Paragraph) and b.number]
        assert numbers == list(range(1, len(numbers) + 1))
        for kind, count in ((Table, 16), (Chart, 8)):
            assert [b.number for b in blocks if isinstance(b, kind)] == list(range(1, count + 1))

    def test_promise_no_more_than_the_catalogue_holds(self):
        assert set(said("A sentence that no catalogue has").texts) == {"en"}
        assert set(sentence("Another one: %(year)s.", year=2017)) == {"en"}

    def test_are_left_out_of_a_language_that_lacks_one_of_them(self):
        whole, half = {"en": (Run("A."),), "fr": (Run("Un."),)}, {"en": (Run("B."),)}
        assert joined(whole, half) == {"en": (Run("A."), Run(" "), Run("B."))}

    def test_spell_numbers_to_nine_in_english_only(self):
        said_of = {"nine": Count("k", 9), "ten": Count("k", 10)}
        runs = sentence("%(nine)s and %(ten)s", **said_of)["en"]
        assert runs == (FigureRef("k", "nine"), Run(" and "), FigureRef("k", ""))
        assert len(NUMBER_WORDS) == 10

    def test_keep_a_name_in_english_within_a_list_of_another_language(self):
        names = listed([Text.of(en="Cairo", fr="Le Caire"), Text.of(en="Nairobi")])
        assert names.texts["fr"] == "Le Caire; Nairobi"


class TestUnapproved:
    def test_achievements_are_nowhere_in_the_document(self, biennium, document):
        returned = Submission.objects.get(office__code="ROAP", period__code="2017")
        assert returned.state == "returned"
        achievements = Achievement.objects.filter(office__code="ROAP", period__code="2017")
        assert achievements.filter(indicator__code="FA6.1").count() == 12
        achievements.delete()
        assert to_json(assembled(biennium)) == to_json(document)

    def test_figures_change_nothing(self, biennium, document):
        drafts = Figure.objects.filter(office__code="ERD", period__code="2017")
        assert not drafts.exists()
        known = Figure.objects.filter(office__code="ERD", period__code="2015").first()
        Figure.objects.create(
            indicator=known.indicator,
            office=known.office,
            period=Period.objects.get(code="2017"),
            numerator=Decimal(987),
            denominator=Decimal(988),
            changed_at=ASSEMBLED_AT,
            explanation="A draft nobody approved",
        )
        again = assembled(biennium)
        assert to_json(again) == to_json(document)

    def test_would_show_once_approved(self, biennium, document):
        submission = Submission.objects.get(office__code="ROAP", period__code="2017")
        approver = submission.returned_by
        Submission.objects.filter(pk=submission.pk).update(
            state="approved",
            approved_by=approver,
            approved_at=ASSEMBLED_AT,
            returned_by=None,
            returned_at=None,
            return_note="",
        )
        again = assembled(biennium)
        # The twelve that were returned for want of evidence.
        assert value(again, "FA6.1", "actual") == 25
        assert again.as_of == "2018-02-01T09:00:00+00:00"


class TestLineage:
    def test_names_each_office_with_the_day_of_approval(self, document):
        lines = document.figures["FA1.1@2016-2017:actual"].lineage
        found = [
            (one.label.texts["en"], one.value, one.note.texts["en"], one.approval.texts.get("en"))
            for one in lines
        ]
        assert (
            "Urban Legislation, Land and Governance Branch",
            44,
            "2017",
            "approved on 2018-01-11 by the approver of the office",
        ) in found
        assert ("Regional Office for Asia and the Pacific", None, "not reported", None) in found

    def test_tells_what_was_approved_for_earlier_years_only(self, document):
        lines = document.figures["FA1.1@2016-2017:actual"].lineage
        notes = {
            line.approval.texts.get("en") or line.note.texts["en"]
            for line in lines
            if str(line.label.in_language("en")) == "Regional Office for Asia and the Pacific"
        }
        assert notes == {"approved for years before 2017", "not reported"}

    def test_shows_both_parts_of_a_ratio(self, biennium):
        known = Figure.objects.filter(office__code="ERD", period__code="2015").first()
        Figure.objects.create(
            indicator=known.indicator,
            office=known.office,
            period=Period.objects.get(code="2017"),
            numerator=Decimal(117),
            denominator=Decimal(234),
            changed_at=ASSEMBLED_AT,
        )
        approved = Submission.objects.filter(office__code="ERD", period__code="2015").get()
        Submission.objects.filter(office__code="ERD", period__code="2017").update(
            state="approved",
            submitted_at=approved.submitted_at,
            submitted_by=approved.submitted_by,
            approved_at=approved.approved_at,
            approved_by=approved.approved_by,
        )
        figure = assembled(biennium).figures["LS3.1@2016-2017:actual"]
        assert figure.value == 50
        assert [(line.value, line.note.texts["en"]) for line in figure.lineage] == [
            (117, "numerator"),
            (234, "denominator"),
            (None, "2017"),
        ]


class TestTheSameData:
    def test_make_the_same_document_on_any_day(self, biennium, document):
        later = assembled(biennium, days=400)
        assert later == document
        assert fingerprint(later) == fingerprint(document)

    def test_are_as_of_the_last_approval(self, document):
        # The demonstration approves four days before it is loaded; figures are entered then.
        assert document.as_of == AT.isoformat()

    def test_do_not_change_with_an_approval_for_another_report(self, biennium, document):
        outsider = Office.objects.filter(indicators__isnull=True).first()
        Submission.objects.create(
            office=outsider,
            period=Period.objects.get(code="2017"),
            state="approved",
            submitted_at=ASSEMBLED_AT,
            submitted_by_id=Submission.objects.exclude(submitted_by=None).first().submitted_by_id,
            approved_at=ASSEMBLED_AT,
            approved_by_id=Submission.objects.exclude(approved_by=None).first().approved_by_id,
        )
        assert fingerprint(assembled(biennium)) == fingerprint(document)

    def test_are_not_rated_before_the_period_has_ended(self, biennium):
        moment = ASSEMBLED_AT.replace(year=2017)
        early = compose(take(kind=BIENNIAL_PROGRESS, period=biennium, at=moment))
        ratings = [
            cell.status
            for block in blocks_of(early)
            if isinstance(block, Table)
            for one in block.rows
            for cell in one.cells
            if isinstance(cell, Rating)
        ]
        assert set(ratings) == {"not_rated"}


class TestQueries:
    def count(self, period: Period) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            take(kind=BIENNIAL_PROGRESS, period=period, at=ASSEMBLED_AT)
        return len(queries)

    def test_are_at_most_forty_and_do_not_grow_with_figures(self, biennium):
        before = self.count(biennium)
        assert before <= 40
        achievement = Achievement.objects.filter(
            indicator__code="FA1.1", period__code="2016"
        ).select_related("authority")[0]
        known = Authority.objects.get(pk=achievement.authority_id)
        for number in range(300):
            known.pk, known.name, known.match_key = None, f"Extra {number}", f"extra {number}"
            known.save()
            achievement.pk, achievement.authority = None, known
            achievement.save()
        assert value(assembled(biennium), "FA1.1", "actual") == 364
        assert self.count(biennium) == before


class TestFigures:
    def test_are_all_printed_or_part_of_a_printed_indicator(self, document):
        printed = set(figures_of(document))
        unprinted = {key for key in document.figures if key not in printed}
        assert "FA1.1@2016-2017:actual" in printed
        assert {key.partition("@")[0] for key in unprinted} <= {
            key.partition("@")[0] for key in printed
        }

    def test_of_a_document_are_checked_when_it_is_made(self, document):
        figures = dict(document.figures)
        del figures["FA1.1@2016-2017:actual"]
        with pytest.raises(ValueError, match=r"FA1.1@2016-2017:actual is printed but not in"):
            replace(document, figures=figures)

    def test_stand_under_the_date_of_the_end_of_the_period(self, document):
        assert document.masthead.date == date(2017, 12, 31)
        assert document.languages == ("ar", "zh", "en", "fr", "ru", "es")
