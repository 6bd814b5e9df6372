"""What a file is, by its content; what is kept of a picture; names; the scanner."""

import os
import sys
import tracemalloc
import unicodedata
from pathlib import Path

import django
import pytest
import sample_files as files
from django.apps import apps
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from processor import seconds

from habitat_plan.kit import ceilings, storing
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.refusals import SENTENCES
from habitat_plan.kit.scanner import scan
from habitat_plan.kit.uploads import KINDS, Kind, clean_name, recognize

# A refusal's sentence is translated, which needs the apps even where no test uses a database.
if not apps.ready:
    django.setup()

HOSTILE = list(files.hostile())


def outcome(content: bytes) -> str:
    """The code of the refusal, "" if there is none."""
    try:
        recognize(content)
    except RuleBroken as broken:
        return broken.code
    return ""


class TestContent:
    @pytest.mark.parametrize("kind", sorted(KINDS))
    def test_of_each_kind_is_known_whatever_its_name(self, kind: str) -> None:
        assert recognize(files.good()[kind]).kind == KINDS[kind]

    @pytest.mark.parametrize("place", range(len(HOSTILE)))
    def test_that_is_hostile_is_refused_with_its_code(self, place: int) -> None:
        one = HOSTILE[place]
        assert outcome(one.content) == one.code, one.name

    def test_every_reason_but_those_of_the_machine_is_met(self) -> None:
        machine = {"file_infected", "file_not_scanned", "file_not_kept"}
        assert {one.code for one in HOSTILE} - {""} == set(SENTENCES) - machine

    def test_a_workbook_inside_a_document_is_the_chart_of_it(self) -> None:
        chart = {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": files.office("xlsx")}
        assert outcome(files.office("docx", chart)) == ""

    def test_a_macro_inside_the_workbook_of_a_chart_is_found(self) -> None:
        inner = files.office("xlsx", {"xl/vbaProject.bin": b"x"})
        assert outcome(files.office("docx", {"word/embeddings/a.xlsx": inner})) == "file_macros"

    def test_ten_million_bytes_are_the_most(self) -> None:
        assert outcome(b"a" * 10_000_000) == ""
        assert outcome(b"a" * 10_000_001) == "file_too_large"

    @settings(max_examples=200, derandomize=True, deadline=None)
    @given(st.sampled_from(sorted(KINDS)), st.data())
    def test_that_was_damaged_is_taken_or_refused_and_never_breaks(
        self, kind: str, data: st.DataObject
    ) -> None:
        content = bytearray(files.good()[kind])
        for _ in range(data.draw(st.integers(1, 8))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        assert outcome(bytes(content[: data.draw(st.integers(1, len(content)))])) in {
            "",
            *SENTENCES,
        }


@pytest.mark.drill
def test_no_bomb_takes_two_seconds_or_150_megabytes(tell) -> None:
    bombs = [one for one in HOSTILE if one.code in {"file_unpacks", "file_pixels", "file_damaged"}]
    slowest = peak = 0.0
    for one in bombs:
        tracemalloc.start()
        outcome(one.content)
        peak = max(peak, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        slowest = max(slowest, seconds(lambda one=one: outcome(one.content), under=2))
    tell(
        f"check 18 (evidence): {len(bombs)} bombs, slowest {slowest:.2f} s, peak {peak / 1e6:.0f} MB"
    )
    assert slowest < 2
    assert peak < 150e6


class TestPictures:
    def test_a_photograph_loses_place_and_comment_and_keeps_its_drawing(self) -> None:
        photograph = files.jpeg(
            files.segment(0xE1, files.exif()),
            files.segment(0xED, b"Photoshop 3.0\0" + files.SECRET),
            files.segment(0xE2, b"ICC_PROFILE\0" + files.SECRET),
            files.segment(0xFE, files.SECRET),
            behind=files.SECRET,
        )
        kept = recognize(photograph).content
        assert files.SECRET in photograph
        assert files.SECRET not in kept and b"GPS" not in kept and b"Exif" not in kept
        assert kept == files.jpeg()

    @pytest.mark.parametrize("turn", [3, 6, 8])
    def test_a_turned_photograph_stays_turned(self, turn: int) -> None:
        kept = recognize(files.jpeg(files.segment(0xE1, files.exif(turn)))).content
        assert files.SECRET not in kept
        note = (
            b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"
            + bytes([turn])
            + b"\0\0\0\0\0\0"
        )
        assert kept == files.jpeg()[:2] + files.segment(0xE1, note) + files.jpeg()[2:]

    @pytest.mark.parametrize("orientation", [0, 9, 65_535])
    def test_a_senseless_turn_is_none(self, orientation: int) -> None:
        assert (
            recognize(files.jpeg(files.segment(0xE1, files.exif(orientation)))).content
            == files.jpeg()
        )

    def test_the_small_picture_inside_the_header_goes(self) -> None:
        small = b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01" + b"abc"
        assert b"abc" not in recognize(files.jpeg(files.segment(0xE0, small))).content

    @pytest.mark.parametrize(
        "name", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP", b"prVt"]
    )
    def test_a_drawing_loses_all_that_is_not_drawn(self, name: bytes) -> None:
        kept = recognize(files.png(1, 1, files.chunk(name, b"k\0" + files.SECRET))).content
        assert kept == files.png()

    def test_a_drawing_keeps_its_colours(self) -> None:
        drawing = files.png(
            1, 1, files.chunk(b"gAMA", b"\0\0\xb1\x8f"), files.chunk(b"pHYs", b"\0" * 9)
        )
        assert recognize(drawing).content == drawing


class TestName:
    @pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
    def test_is_fit_to_be_shown_and_saved(self, kind: Kind) -> None:
        for name in {one.name for one in HOSTILE}:
            made = clean_name(name, kind)
            assert made.endswith(kind.endings)
            assert 0 < len(made) <= 200
            assert not set('/\\<>:"|?*\0%;') & set(made)
            assert not any(unicodedata.category(c).startswith("C") for c in made)
            assert not made.startswith((".", " "))

    def test_of_a_person_stays_as_it_was(self) -> None:
        assert clean_name(
            "Décret n° 3 (final).PDF", KINDS["pdf"]
        ) == "Décret n° 3 (final).PDF".replace(".PDF", ".pdf")
        assert clean_name("مرسوم.docx", KINDS["docx"]) == "مرسوم.docx"
        assert clean_name("table.csv", KINDS["text"]) == "table.csv"

    def test_gets_the_ending_of_what_the_file_is(self) -> None:
        assert clean_name("report.pdf.exe", KINDS["pdf"]) == "report.pdf.exe.pdf"
        assert clean_name("..", KINDS["png"]) == "file.png"
        assert clean_name("\u202efdp.exe", KINDS["text"]) == "fdp.exe.txt"


def scanner(folder: Path, body: str) -> list[str]:
    """A command that stands for a virus scanner."""
    program = folder / "scanner.py"
    program.write_text(f"import sys\ncontent = sys.stdin.buffer.read()\n{body}\n")
    return [sys.executable, str(program)]


class TestScanner:
    def test_that_is_not_there_says_so(self) -> None:
        assert scan(files.EICAR, []) is False

    def test_passes_what_is_clean_and_refuses_the_test_virus(self, tmp_path: Path) -> None:
        command = scanner(tmp_path, "sys.exit(1 if b'EICAR' in content else 0)")
        assert scan(files.PDF, command) is True
        with pytest.raises(RuleBroken) as refused:
            scan(files.EICAR, command)
        assert refused.value.code == "file_infected"

    @pytest.mark.parametrize(
        "command", ["raise SystemExit(2)", "import os; os.kill(os.getpid(), 9)"]
    )
    def test_that_fails_lets_nothing_pass(self, tmp_path: Path, command: str) -> None:
        with pytest.raises(RuleBroken) as refused:
            scan(files.PDF, scanner(tmp_path, command))
        assert refused.value.code == "file_not_scanned"

    def test_that_is_missing_lets_nothing_pass(self, tmp_path: Path) -> None:
        with pytest.raises(RuleBroken) as refused:
            scan(files.PDF, [str(tmp_path / "no-such-program")])
        assert refused.value.code == "file_not_scanned"


def posted(size: int, *, said: int | None = None):
    """A request with a file of this many bytes, as the server hands it over."""
    body = (
        b'--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nDecree\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        + b"a" * size
        + b"\r\n--b--\r\n"
    )
    request = RequestFactory().generic(
        "POST", "/", body, content_type="multipart/form-data; boundary=b"
    )
    request.META["CONTENT_LENGTH"] = str(said or len(body))
    return request


class TestCeiling:
    def test_a_file_below_it_arrives_whole(self) -> None:
        request = posted(3_000_000)
        file = request.FILES["file"]
        assert (file.size, file.read()) == (3_000_000, b"a" * 3_000_000)
        request.close()

    def test_a_file_above_it_arrives_empty_with_its_size_and_the_rest_of_the_form(self) -> None:
        request = posted(ceilings.CEILING + 5)
        file = request.FILES["file"]
        assert (file.size, file.read()) == (ceilings.CEILING + 5, b"")
        assert request.POST["title"] == "Decree"
        assert os.fstat(file.fileno()).st_size == 0
        request.close()

    def test_a_body_of_absurd_length_is_not_read(self) -> None:
        with pytest.raises(RequestDataTooBig):
            _ = posted(10, said=ceilings.ENOUGH + 1).POST


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_bytes(b"a file where the folder should be")
    with pytest.raises(OSError, match="evidence"):
        storing.write_whole(tmp_path / "evidence" / "ab" / "abc", b"content", mode=0o640)
    assert [one.name for one in tmp_path.iterdir()] == ["evidence"]
