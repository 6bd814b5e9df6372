"""The frozen document: what it refuses, and that nothing is lost in its bytes."""

import datetime as dt
import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_document import sample_document

from reporting.document import (
    LANGUAGES,
    REQUIRED_LABELS,
    Annex,
    Chart,
    ChartMark,
    ChartPoint,
    Column,
    Figure,
    FigureRef,
    Heading,
    NoteRef,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
    UnreadableDocument,
    blocks_of,
    figures_of,
    fingerprint,
    from_json,
    to_json,
)
from reporting.rendering.labels import fixed_labels

letters = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
texts = st.builds(
    Text,
    st.dictionaries(st.sampled_from(LANGUAGES), letters),
    st.lists(st.sampled_from(LANGUAGES)).map(tuple),
)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)  # fmt: skip


class TestText:
    def test_reads_the_language_asked_for(self) -> None:
        found = Text({"en": "Nairobi", "ar": "نيروبي"}, ("ar",)).in_language("ar")
        assert (found.text, found.language, found.is_working, found.is_fallback) == (
            "نيروبي",
            "ar",
            True,
            False,
        )

    def test_falls_back_to_english_and_says_so(self) -> None:
        found = Text.of(en="Nairobi", fr="Nairobi (Kenya)").in_language("zh")
        assert (found.text, found.language, found.is_fallback) == ("Nairobi", "en", True)

    def test_refuses_a_language_that_is_not_one_of_the_six(self) -> None:
        with pytest.raises(ValueError, match="'de' is not one of ar, zh, en, fr, ru, es"):
            Text({"de": "Nairobi"})

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError):
            Text.of(en="Nairobi").texts["en"] = "Rome"  # type: ignore[index]


class TestFigure:
    def test_refuses_a_value_beside_a_kind_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="either a value or the kind of nothing"):
            Figure("FA2.1@2017:actual", Decimal(3), "not_due")

    def test_refuses_no_value_without_a_kind_of_nothing(self) -> None:
        with pytest.raises(ValueError, match="either a value or the kind of nothing"):
            Figure("FA2.1@2017:actual", None)

    def test_takes_zero_for_a_value(self) -> None:
        assert Figure("FA2.1@2017:actual", Decimal(0)).value == 0

    def test_refuses_what_is_not_a_finite_number(self) -> None:
        with pytest.raises(ValueError, match="not a finite number"):
            Figure("FA2.1@2017:actual", Decimal("NaN"))


class TestDocument:
    def test_refuses_a_figure_that_is_printed_but_absent(self) -> None:
        document = sample_document()
        stray = Paragraph(1, {"en": (FigureRef("FA9.9@2017:actual"),)})
        with pytest.raises(ValueError, match=r"Figure FA9.9@2017:actual is printed but not in"):
            replace(document, blocks=(Annex("I", Text.of(en="Annex"), (stray,)),))

    def test_refuses_a_source_that_is_cited_but_absent(self) -> None:
        with pytest.raises(ValueError, match="Source nowhere is cited"):
            replace(sample_document(), blocks=(Paragraph(1, {"en": (NoteRef("nowhere"),)}),))

    def test_refuses_a_mark_at_no_point(self) -> None:
        chart = Chart(
            1, "line", Text.of(en="Line"), Text.of(en="A line."),
            (ChartPoint("2017", Text.of(en="2017"), "zero@2017"),),
            (ChartMark("2019", "zero@2017", "target", Text.of(en="target")),),
        )  # fmt: skip
        with pytest.raises(ValueError, match="no point 2019 for a mark"):
            replace(sample_document(), blocks=(chart,))

    def test_refuses_to_lack_a_fixed_word(self) -> None:
        labels = {name: text for name, text in fixed_labels().items() if name != "summary"}
        with pytest.raises(ValueError, match="lacks the labels summary"):
            replace(sample_document(), labels=labels)

    def test_fixed_words_are_all_there_in_six_languages(self) -> None:
        labels = fixed_labels()
        assert set(REQUIRED_LABELS) <= set(labels)
        assert {name for name, text in labels.items() if set(text.texts) != set(LANGUAGES)} == set()

    def test_a_chart_needs_words_for_who_cannot_see_it(self) -> None:
        with pytest.raises(ValueError, match="Figure 4 has no alternative text"):
            Chart(4, "bars", Text.of(en="Bars"), Text.of(en=""), ())

    def test_a_row_has_a_cell_for_each_column(self) -> None:
        columns = (Column("a", Text.of(en="A")), Column("b", Text.of(en="B")))
        with pytest.raises(ValueError, match="Table 3, row 1 has 1 cells, not 2"):
            Table(3, Text.of(en="T"), columns, (Row((Text.of(en="x"),)),))

    def test_a_heading_has_one_of_three_levels(self) -> None:
        with pytest.raises(ValueError, match="level 1, 2 or 3, not 4"):
            Heading(4, "", Text.of(en="Deep"))


class TestFiguresOf:
    def test_lists_figures_in_printed_order_once(self) -> None:
        paragraph = Paragraph(1, {"en": (FigureRef("zero@2017"), Run("x"), FigureRef("slum@2014"), FigureRef("zero@2017"))})  # fmt: skip
        document = replace(sample_document(), blocks=(paragraph,))
        assert figures_of(document) == ("zero@2017", "slum@2014")
        assert figures_of(document, block=paragraph) == ("zero@2017", "slum@2014")

    def test_reaches_into_annexes(self) -> None:
        document = sample_document()
        assert any(isinstance(block, Table) and block.number == 2 for block in blocks_of(document))
        assert "slum@2018" in figures_of(document)


class TestBytes:
    def test_the_sample_returns_whole(self) -> None:
        document = sample_document()
        assert from_json(to_json(document)) == document
        assert to_json(from_json(to_json(document))) == to_json(document)

    @settings(max_examples=25, deadline=None)
    @given(title=texts, value=decimals, when=st.dates(min_value=dt.date(2013, 1, 1)))
    def test_any_words_and_numbers_return_whole(
        self, title: Text, value: Decimal, when: dt.date
    ) -> None:
        sample = sample_document()
        document = replace(
            sample,
            masthead=replace(sample.masthead, title=title, date=when),
            figures=dict(sample.figures) | {"x": Figure("x", value)},
        )
        again = from_json(to_json(document))
        assert again == document
        assert fingerprint(again) == fingerprint(document)

    def test_are_canonical(self) -> None:
        data = to_json(sample_document())
        raw = json.loads(data)
        spelled = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert data == spelled.encode("utf-8")

    def test_hold_exact_decimals_as_strings(self) -> None:
        sample = sample_document()
        long = Figure("x", Decimal("123456789012345678901234567890.10"))
        raw = json.loads(to_json(replace(sample, figures=dict(sample.figures) | {"x": long})))
        assert raw["figures"]["x"]["value"] == "123456789012345678901234567890.1"

    def test_do_not_depend_on_how_the_same_number_is_written(self) -> None:
        sample = sample_document()

        def with_value(value: str) -> str:
            figures = dict(sample.figures) | {"x": Figure("x", Decimal(value))}
            return fingerprint(replace(sample, figures=figures))

        assert with_value("1.50") == with_value("1.5") == with_value("15e-1")
        assert with_value("-0.0") == with_value("0")
        assert with_value("1.5") != with_value("1.51")

    def test_do_not_depend_on_the_order_of_figures(self) -> None:
        sample = sample_document()
        turned = dict(reversed(list(sample.figures.items())))
        assert fingerprint(replace(sample, figures=turned)) == fingerprint(sample)

    def test_refuses_a_schema_version_it_does_not_know(self) -> None:
        data = to_json(sample_document()).replace(b'"schema_version":2', b'"schema_version":3')
        with pytest.raises(
            UnreadableDocument, match="schema version 3; this program reads versions up to 2"
        ):
            from_json(data)

    def test_of_the_first_schema_version_are_read_and_written_as_they_were(self) -> None:
        data = Path(__file__).with_name("document_version_1.json").read_bytes()
        known = "62fc91fed1481a711fe0e08009ec4f2824366cb311c5660311d435398fbdf3f7"
        document = from_json(data)
        assert document.schema_version == 1
        assert to_json(document) == data
        assert fingerprint(document) == known == hashlib.sha256(data).hexdigest()

    @pytest.mark.parametrize(
        "data", [b"", b"[]", b"{}", b'{"schema_version":1}', b"\xff", b'{"schema_version":1,"x":2}']
    )
    def test_refuses_what_is_no_document(self, data: bytes) -> None:
        with pytest.raises(UnreadableDocument):
            from_json(data)

    def test_refuses_a_field_it_does_not_know(self) -> None:
        raw = json.loads(to_json(sample_document()))
        raw["masthead"]["emblem"] = "x"
        with pytest.raises(UnreadableDocument, match="emblem"):
            from_json(json.dumps(raw).encode())

    def test_refuses_a_value_of_another_type(self) -> None:
        raw = json.loads(to_json(sample_document()))
        raw["masthead"]["symbol"] = 27
        with pytest.raises(UnreadableDocument, match="27 is not of type str"):
            from_json(json.dumps(raw).encode())

    def test_refuses_a_status_that_is_not_one(self) -> None:
        data = to_json(sample_document()).replace(b'"status":"on_track"', b'"status":"splendid"')
        with pytest.raises(UnreadableDocument, match="'splendid' is not one of"):
            from_json(data)
