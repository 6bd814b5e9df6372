"""Files that mean harm are refused quickly, in little memory, with a sentence that helps."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from handed_off import BODY, handed_off
from processor import seconds

from habitat_plan.kit.errors import RuleBroken
from reporting.exchange import FILE_LIMIT, read_returned, write_word, write_xliff

SECONDS, MEGABYTES = 2, 120


def xliff() -> bytes:
    return write_xliff(handed_off(BODY, BODY, target="fr"))


def with_document_type(declared: str) -> bytes:
    return xliff().replace(b"<xliff ", f"<!DOCTYPE xliff [{declared}]><xliff ".encode(), 1)


def external_entity() -> bytes:
    given = with_document_type('<!ENTITY x SYSTEM "file:///etc/passwd">')
    return given.replace(b"<target>", b"<target>&x;", 1)


def billion_laughs() -> bytes:
    lines = ['<!ENTITY a0 "ha">'] + [
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    ]
    return with_document_type("".join(lines)).replace(b"<target>", b"<target>&a9;", 1)


def document_type() -> bytes:
    return with_document_type("")


def parameter_entity() -> bytes:
    return with_document_type('<!ENTITY % x SYSTEM "http://192.0.2.1/x.dtd"> %x;')


def other_namespace() -> bytes:
    return xliff().replace(b"xliff:document:2.0", b"xliff:document:9.9")


def web_page() -> bytes:
    return b"<html><body><script>alert(1)</script></body></html>"


def script_in_a_target() -> bytes:
    return xliff().replace(b"<target>", b"<target><script>alert(1)</script>", 1)


def truncated() -> bytes:
    return xliff()[:-200]


def truncated_word() -> bytes:
    return write_word(handed_off())[:-2_000]


def very_deep() -> bytes:
    return xliff().replace(b"<target>", b"<target>" + b"<mrk>" * 400_000, 1)


def very_many() -> bytes:
    return xliff().replace(b"<target>", b"<target>" + b"<ph/>" * 900_000, 1)


def too_large() -> bytes:
    return b"<" + b"x" * 50 * 1024 * 1024


def unknown_encoding() -> bytes:
    return xliff().replace(b"utf-8", b"x-user-defined", 1)


def not_any() -> bytes:
    return b"Dear colleague, the translation follows."


def nothing() -> bytes:
    return b""


def repacked(change: Callable[[str, bytes], bytes], *more: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_word(handed_off()))) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            made.writestr(name, change(name, given.read(name)))
        for name, content in more:
            made.writestr(name, content)
    return out.getvalue()


def same(_name: str, content: bytes) -> bytes:
    return content


def zip_bomb() -> bytes:
    return repacked(same, ("word/media/zeros.bin", bytes(90_000_000)))


def zip_bomb_in_the_text() -> bytes:
    def grown(name: str, content: bytes) -> bytes:
        spaces = b"<w:body>" + b" " * 40_000_000
        return content.replace(b"<w:body>", spaces) if name == "word/document.xml" else content

    return repacked(grown)


def lying_zip() -> bytes:
    """Says that a part is small which unpacks to much."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"wordprocessingml.document.main+xml")
        made.writestr("word/document.xml", bytes(50_000_000))
    content = out.getvalue()
    return content.replace((50_000_000).to_bytes(4, "little"), (500).to_bytes(4, "little"))


def entities_in_the_word_file() -> bytes:
    def declared(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        return content.replace(b"<w:document ", b'<!DOCTYPE d [<!ENTITY x "y">]><w:document ', 1)

    return repacked(declared)


def entities_in_the_sources() -> bytes:
    def declared(name: str, content: bytes) -> bytes:
        if name != "customXml/item2.xml":
            return content
        return content.replace(b"<sources ", b'<!DOCTYPE d [<!ENTITY x "y">]><sources ', 1)

    return repacked(declared)


def macros() -> bytes:
    return repacked(same, ("word/vbaProject.bin", b"macro"))


def spreadsheet() -> bytes:
    def typed(name: str, content: bytes) -> bytes:
        return content.replace(b"wordprocessingml.document.main", b"spreadsheetml.sheet.main") if (
            name == "[Content_Types].xml"
        ) else content

    return repacked(typed)


def no_places() -> bytes:
    def gone(name: str, content: bytes) -> bytes:
        is_text = name == "word/document.xml"
        return content.replace(b"biennial-progress-2016-2017/", b"") if is_text else content

    return repacked(gone)


def two_reports() -> bytes:
    one = xliff()
    start, end = one.index(b"<file "), one.index(b"</xliff>")
    other = one[start:end].replace(b"biennial-progress-2016-2017/", b"annual-progress-2017/")
    return one[:end] + other.replace(b'/highlights/', b'/other/') + one[end:]


def section_twice() -> bytes:
    one = xliff()
    start, end = one.index(b"<file "), one.index(b"</xliff>")
    return one[:end] + one[start:end] + one[end:]


def no_language() -> bytes:
    return xliff().replace(b'trgLang="fr"', b'trgLang="xx"')


HOSTILE: list[tuple[Callable[[], bytes], str]] = [
    (external_entity, "file_document_type"),
    (billion_laughs, "file_document_type"),
    (parameter_entity, "file_document_type"),
    (document_type, "file_document_type"),
    (other_namespace, "file_other_xml"),
    (web_page, "file_other_xml"),
    (script_in_a_target, "file_code"),
    (truncated, "file_damaged"),
    (truncated_word, "file_damaged"),
    (very_deep, "file_too_much"),
    (very_many, "file_too_much"),
    (too_large, "file_too_large"),
    (unknown_encoding, "file_damaged"),
    (not_any, "file_not_translation"),
    (nothing, "file_empty"),
    (zip_bomb, "file_unpacks"),
    (zip_bomb_in_the_text, "file_unpacks"),
    (lying_zip, "file_damaged"),
    (entities_in_the_word_file, "file_document_type"),
    (entities_in_the_sources, "file_document_type"),
    (macros, "file_macros"),
    (spreadsheet, "file_not_translation"),
    (no_places, "file_no_places"),
    (two_reports, "file_two_reports"),
    (section_twice, "file_section_twice"),
    (no_language, "file_languages"),
]


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("made", "code"), HOSTILE, ids=[made.__name__ for made, _code in HOSTILE]
    )
    def test_is_refused_quickly_with_a_sentence(
        self, made: Callable[[], bytes], code: str
    ) -> None:
        content = made()
        with pytest.raises(RuleBroken) as refused:
            read_returned(content)

        def refuse() -> None:
            with pytest.raises(RuleBroken):
                read_returned(content)

        assert seconds(refuse, under=SECONDS) < SECONDS
        assert refused.value.code == code
        assert refused.value.field == "file"
        assert str(refused.value.message).endswith(".")

    @pytest.mark.parametrize("made", [made for made, _code in HOSTILE])
    def test_takes_little_memory(self, made: Callable[[], bytes]) -> None:
        content = made()
        tracemalloc.start()
        try:
            with pytest.raises(RuleBroken):
                read_returned(content)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < MEGABYTES * 1024 * 1024

    def test_the_largest_file_that_is_taken_is_five_megabytes(self) -> None:
        assert FILE_LIMIT == 5_242_880
