"""The DOCX read back: styles, directions, footnotes and alternative texts."""

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from rendered_sample import sample_file


def parts(language: str, hostile: str = "") -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(sample_file(language, "docx", hostile)))


def body(language: str) -> Any:
    return etree.fromstring(parts(language).read("word/document.xml"))


class TestStyles:
    def test_headings_have_their_levels(self) -> None:
        word = docx.Document(io.BytesIO(sample_file("en", "docx")))
        shown = [(p.style.name, p.text) for p in word.paragraphs if "Heading " in p.style.name]
        assert shown == [
            ("Heading 1", "I. Mandate and method"),
            ("Heading 1", "II. Results by focus area"),
            ("Heading 2", "A. Urban legislation, land and governance"),
            ("Heading 2", "B. Urban basic services"),
            ("Heading 1", "Annex I Indicator tables"),
            ("Heading 2", "Focus-area results"),
        ]

    def test_contents_are_filled_in_and_lead_to_the_headings(self) -> None:
        tree = body("en")
        anchors = [link.get(qn("w:anchor")) for link in tree.iter(qn("w:hyperlink"))]
        names = {mark.get(qn("w:name")) for mark in tree.iter(qn("w:bookmarkStart"))}
        assert len(anchors) == 6
        assert set(anchors) <= names

    def test_table_heads_are_repeated_and_rows_do_not_break(self) -> None:
        tree = body("en")
        assert len(list(tree.iter(qn("w:tblHeader")))) == 3
        assert len(list(tree.iter(qn("w:cantSplit")))) == len(list(tree.iter(qn("w:tr"))))

    def test_pictures_say_what_they_show(self) -> None:
        shown = [found.get("descr") for found in body("en").iter(qn("wp:docPr"))]
        assert "Bars by focus area: from 13 to 76 authorities." in shown
        assert "Progress to target: 68\u00a0%" in shown
        assert all(shown)

    def test_file_names_no_maker_and_no_moment_but_the_date_of_the_document(self) -> None:
        word = docx.Document(io.BytesIO(sample_file("en", "docx")))
        properties = word.core_properties
        assert properties.created.isoformat() == "2018-02-02T00:00:00+00:00"
        assert properties.modified == properties.created
        assert (properties.last_modified_by, properties.comments) == ("", "")
        assert {entry.date_time for entry in parts("en").infolist()} == {(1980, 1, 1, 0, 0, 0)}


class TestArabic:
    def test_paragraphs_runs_tables_and_page_run_from_right_to_left(self) -> None:
        tree = body("ar")
        turned = [p for p in tree.iter(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None]  # fmt: skip
        assert len(turned) == len(list(tree.iter(qn("w:p"))))
        assert len(list(tree.iter(qn("w:bidiVisual")))) == 3
        assert tree.find(f".//{qn('w:sectPr')}/{qn('w:bidi')}") is not None
        arabic = [
            run for run in tree.iter(qn("w:r"))
            if any("\u0600" <= char <= "\u06ff" for char in "".join(run.itertext()))
        ]  # fmt: skip
        assert len(arabic) > 100
        assert [run for run in arabic if run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is None] == []

    def test_latin_documents_do_not(self) -> None:
        tree = body("en")
        for name in ("w:bidi", "w:rtl", "w:bidiVisual"):
            assert list(tree.iter(qn(name))) == []

    def test_a_number_keeps_its_sign_on_its_left(self) -> None:
        # Between two marks of direction, which programs need that go by letters alone.
        shown = "\u200e−1,234.5\u200e"
        runs = [run for run in body("ar").iter(qn("w:r")) if "".join(run.itertext()) == shown]
        assert len(runs) == 2
        assert [run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") for run in runs] == [None, None]

    @pytest.mark.parametrize("style", ["Normal", "Heading 1", "Caption"])
    def test_styles_name_fonts_for_all_scripts(self, style: str) -> None:
        word = docx.Document(io.BytesIO(sample_file("ar", "docx")))
        fonts = word.styles[style].element.rPr.rFonts
        assert {key: fonts.get(qn(f"w:{key}")) for key in ("ascii", "hAnsi", "cs", "eastAsia")} == {
            "ascii": "Times New Roman",
            "hAnsi": "Times New Roman",
            "cs": "Times New Roman",
            "eastAsia": "SimSun",
        }


class TestFootnotes:
    def test_are_native_and_hold_the_source(self) -> None:
        with parts("en") as archive:
            notes = etree.fromstring(archive.read("word/footnotes.xml"))
            types = archive.read("[Content_Types].xml").decode()
            links = archive.read("word/_rels/document.xml.rels").decode()
        assert [note.get(qn("w:id")) for note in notes] == ["0", "1", "2"]
        assert "".join(notes[2].itertext()).strip() == (
            "Register of partner authorities, invented for demonstration. CC0."
        )
        assert "/word/footnotes.xml" in types
        assert "relationships/footnotes" in links
        references = [ref.get(qn("w:id")) for ref in body("en").iter(qn("w:footnoteReference"))]
        assert references == ["2"]

    def test_the_note_on_working_translations_has_a_star(self) -> None:
        tree = body("ar")
        first = next(tree.iter(qn("w:footnoteReference")))
        assert first.get(qn("w:customMarkFollows")) == "1"
        assert "".join(first.getparent().itertext()) == "*"

    def test_markup_in_a_source_stays_text(self) -> None:
        from_sample = parts("en", "<w:t>&amp;</w:t>").read("word/document.xml")
        assert b"&lt;w:t&gt;&amp;amp;&lt;/w:t&gt;" in from_sample
