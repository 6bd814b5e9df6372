"""What a translator may do to a passage, and what is refused or asked about."""

import io
import re
import zipfile

import pytest
from handed_off import ARABIC, BODY, handed_off, shown

from reporting.exchange import (
    CheckedSection,
    Problem,
    check_section,
    read_returned,
    write_word,
    write_xliff,
)
from reporting.exchange.memory import aligned, carried
from reporting.rules.markup import parse

PLACEHOLDER = re.compile(r'<ph id="1"[^>]*/>')


def checked(content: bytes, *, target: str = "ar", kept: str = "") -> CheckedSection:
    section = read_returned(content).sections[0]
    earlier = aligned(parse(BODY), parse(kept)) if kept else {}
    return check_section(section, parse(BODY), original="en", target=target, kept=earlier)


def edited(*changes: tuple[str, str], translation: str = ARABIC, target: str = "ar") -> bytes:
    """The translated XLIFF with pieces of its targets replaced."""
    text = write_xliff(handed_off(BODY, translation, target=target)).decode()
    head, *units = re.split(r"(?=<target>)", text)
    for old, new in changes:
        assert any(old in unit for unit in units), old
        units = [unit.replace(old, new) for unit in units]
    return "".join([head, *units]).encode()


def codes(found: CheckedSection) -> list[tuple[str, str]]:
    return [(one.code, one.passage) for one in found.problems]


class TestFigures:
    def test_a_missing_figure_is_refused_by_name(self) -> None:
        text = edited().decode()
        at = text.rindex('<ph id="1"', 0, text.index(" خطة"))
        gone = PLACEHOLDER.sub("", text[at:], count=1)
        found = checked((text[:at] + gone).encode())
        assert codes(found) == [("hole_missing", "2")]
        hole = found.problems[0].hole
        assert getattr(hole, "reference", "") == "FA2.1@2016-2017:actual"
        assert found.body == ""

    def test_a_figure_that_stands_twice_is_refused(self) -> None:
        found = checked(edited((" خطة", ' <ph id="2"/> خطة')))
        assert codes(found) == [("hole_twice", "2")]
        assert found.problems[0].count == 2

    def test_a_copied_placeholder_counts_as_the_one_it_copies(self) -> None:
        found = checked(edited((" خطة", ' <ph id="9" copyOf="2"/> خطة')))
        assert codes(found) == [("hole_twice", "2")]

    def test_an_unknown_placeholder_is_refused(self) -> None:
        found = checked(edited((" خطة", ' <ph id="7"/> خطة')))
        assert codes(found) == [("hole_unknown", "2")]

    def test_a_missing_footnote_is_refused(self) -> None:
        found = checked(re.sub(rb'<ph id="3"[^>]*/></target>', b"</target>", edited()))
        assert [(one.code, getattr(one.hole, "key", "")) for one in found.problems] == [
            ("hole_missing", "1")
        ]

    def test_figures_may_change_places(self) -> None:
        text = edited().decode().replace('<target>اعتمدت <ph id="1"', '<target>اعتمدت <ph id="0"')
        text = text.replace('قدره <ph id="2"', 'قدره <ph id="1"').replace('id="0"', 'id="2"')
        found = checked(text.encode())
        assert found.problems == ()
        references = [hole.reference for _passage, hole in parse(found.body).bindings]
        assert references[:2] == ["FA2.1@2016-2017:target", "FA2.1@2016-2017:actual"]

    def test_a_figure_typed_by_hand_is_text(self) -> None:
        found = checked(edited((" خطة", " [[FA9.9@2017:actual]] خطة")))
        assert found.problems == ()
        references = [hole.reference for _passage, hole in parse(found.body).bindings]
        assert references == [hole.reference for _passage, hole in parse(ARABIC).bindings]

    def test_a_token_of_a_word_processor_that_was_deleted_is_missed(self) -> None:
        content = changed_word(r"⟦2:90⟧", "90", after="مقابل")
        assert codes(checked(content)) == [("hole_missing", "2")]


class TestPassages:
    def test_an_unknown_passage_is_refused(self) -> None:
        content = edited().replace(b'<unit id="5"', b'<unit id="55"')
        found = checked(content)
        assert codes(found) == [("passage_unknown", "55")]

    def test_an_empty_passage_is_listed_and_stands_in_the_source(self) -> None:
        found = checked(edited(("لا يعرف غير ذلك.", "  ")))
        assert [one.key for one in found.missing] == ["5"]
        assert "\n\nNothing else is known.\n\n" in found.body

    def test_what_is_held_already_stays_where_the_file_brings_nothing(self) -> None:
        found = checked(edited(("لا يعرف غير ذلك.", "")), kept=ARABIC)
        assert found.missing == ()
        assert shown(found.body) == shown(ARABIC)

    def test_code_of_a_web_page_is_refused(self) -> None:
        found = checked(edited(("لا يعرف", "&lt;script src=x&gt; لا يعرف")))
        assert codes(found) == [("code_in_text", "5")]
        assert found.problems[0].words == "<script src=x>"

    def test_less_than_and_greater_than_are_no_code(self) -> None:
        assert checked(edited(("لا يعرف", "3 &lt; 5 &gt; 2 لا يعرف"))).problems == ()

    def test_a_passage_of_absurd_length_is_refused(self) -> None:
        assert codes(checked(edited(("لا يعرف", "لا " * 7_000)))) == [("too_long", "5")]

    def test_signs_of_markup_that_a_translator_types_are_text(self) -> None:
        found = checked(edited(("لا يعرف غير ذلك.", "- *نجمة* [^1] ### \n\n1. قائمة")))
        assert found.problems == ()
        passages = parse(found.body).passages
        assert [one.kind for one in passages] == [one.kind for one in parse(BODY).passages]
        assert getattr(passages[4].inlines[0], "text", "") == "- *نجمة* [^1] ### 1. قائمة"


class TestForms:
    def test_arabic_has_six_forms_or_one(self) -> None:
        found = checked(edited(("سلطة | سلطة | سلطتان | سلطات | سلطة | سلطة", "سلطة | سلطات")))
        assert found.problems == (
            Problem("forms_count", "2.1", words="سلطة | سلطات", count=2),
        )

    def test_one_form_stands_for_all(self) -> None:
        found = checked(edited(("سلطة | سلطة | سلطتان | سلطات | سلطة | سلطة", "سلطة")))
        assert found.problems == ()
        assert next(parse(found.body).bindings)[1].forms == ("سلطة",) * 6

    def test_a_sentence_without_its_forms_is_not_translated_yet(self) -> None:
        found = checked(edited(("سلطة | سلطة | سلطتان | سلطات | سلطة | سلطة", "")))
        assert [one.key for one in found.missing] == ["2", "2.1"]


class TestQuestions:
    def test_latin_letters_are_asked_about_in_arabic_and_kept(self) -> None:
        found = checked(edited(("لا يعرف غير ذلك.", "Nothing else is known to us.")))
        assert found.problems == ()
        assert [(one.code, one.passage) for one in found.questions] == [("other_script", "5")]
        assert "Nothing else is known to us." in found.body

    @pytest.mark.parametrize(
        ("language", "words"),
        [("zh", "人居署 UN-Habitat 的报告"), ("ru", "Отчет ООН"), ("fr", "Le rapport annuel")],
    )
    def test_words_in_the_letters_of_the_language_are_not(self, language: str, words: str) -> None:
        content = edited(("Nothing else is known.", words), translation=BODY, target=language)
        found = checked(content, target=language)
        assert "5" not in [one.passage for one in found.questions]

    def test_words_left_as_they_were_are_asked_about(self) -> None:
        content = edited(translation=BODY, target="fr")
        found = checked(content, target="fr")
        asked = [(one.code, one.passage) for one in found.questions]
        assert ("same_as_source", "5") in asked
        assert ("same_as_source", "1") not in asked


class TestMemory:
    def test_only_the_passage_that_changed_is_to_be_translated_again(self) -> None:
        now = BODY.replace("Rents did not", "Rents did not rise")
        kept = carried(parse(now), parse(BODY), parse(ARABIC))
        assert sorted(kept) == ["1", "2", "2.1", "3", "5", "n1"]

    def test_a_passage_is_known_again_where_it_moved(self) -> None:
        now = BODY.replace("\n\nNothing else is known.", "").replace(
            "### What changed", "Nothing else is known.\n\n### What changed"
        )
        kept = carried(parse(now), parse(BODY), parse(ARABIC))
        assert getattr(kept["1"][0], "text", "") == "لا يعرف غير ذلك."

    def test_texts_of_another_shape_lend_nothing(self) -> None:
        assert aligned(parse(BODY), parse("كلمات فقط")) == {}


class TestOtherPrograms:
    def test_xliff_1_2_is_read(self) -> None:
        section = read_returned(edited()).sections[0]
        old = f"""<?xml version="1.0"?><xliff xmlns="urn:oasis:names:tc:xliff:document:1.2"
        version="1.2"><file source-language="en-GB" target-language="ar-EG" datatype="plaintext"
        original="biennial-progress-2016-2017/highlights/3/{section.digest}"><body>
        <trans-unit id="5"><source>Nothing else is known.</source>
        <target><mrk mtype="seg" mid="0">لا يعرف</mrk> غير <g id="b1">ذلك</g></target></trans-unit>
        <trans-unit id="3"><target>نمت <x id="1"/></target></trans-unit></body></file></xliff>"""
        found = read_returned(old.encode())
        assert (found.source, found.target) == ("en", "ar")
        result = checked(old.encode(), kept=ARABIC)
        assert result.problems == ()
        assert "لا يعرف غير **ذلك**" in result.body
        assert "نمت [[FA2.1@2016-2017:actual]]" in result.body

    def test_segments_are_joined_with_what_lies_between(self) -> None:
        content = edited((
            "لا يعرف غير ذلك.</target>",
            "لا يعرف.</target></segment><ignorable><source> </source><target> </target>"
            "</ignorable><segment><source>x</source><target>غير ذلك.</target>",
        ))
        assert "لا يعرف. غير ذلك." in checked(content).body

    def test_tracked_changes_count_as_accepted(self) -> None:
        content = changed_word(
            "لا يعرف غير ذلك.",
            'لا</w:t></w:r><w:del w:id="1" w:author="x"><w:r><w:delText>قط</w:delText>'
            '<w:noBreakHyphen/></w:r></w:del><w:moveFrom w:id="3" w:author="x"><w:r><w:t>منقول'
            '</w:t></w:r></w:moveFrom><w:ins w:id="2" w:author="x"><w:r><w:t xml:space="preserve"> أحد</w:t></w:r>'
            "</w:ins><w:r><w:t>.",
        )
        assert "\nلا أحد.\n" in checked(content).body

    def test_tokens_cut_into_pieces_are_read(self) -> None:
        content = changed_word("⟦1:86⟧", "⟦1</w:t></w:r><w:r><w:t>:86⟧")
        assert checked(content).problems == ()


def changed_word(old: str, new: str, *, after: str = "") -> bytes:
    """The translated DOCX with a piece of its text replaced, in the translation only."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_word(handed_off(BODY, ARABIC)))) as given,
        zipfile.ZipFile(out, "w") as made,
    ):
        for name in given.namelist():
            content = given.read(name)
            if name == "word/document.xml":
                text = content.decode()
                at = text.index(old, text.index(after or "ما الذي تغير"))
                content = (text[:at] + new + text[at + len(old) :]).encode()
            made.writestr(name, content)
    return out.getvalue()
