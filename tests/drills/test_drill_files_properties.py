"""Checks 20 and 21: any table comes back equal from any kind of file; any broken file is refused."""

import csv
import datetime as dt
import io
import random
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import COLUMNS, MAIN, package, sheet_xml, workbook, zipped

from habitat_plan.kit.tables.limits import Limits, TableRefused
from habitat_plan.kit.tables.read import read_table
from habitat_plan.kit.tables.write import Sheet, write_csv, write_xlsx
from indicators.rules.numbers import NotANumber, parse

MADE_AT = dt.datetime.fromisoformat("2016-03-01T00:00:00")
HEAD = ("Code", "Value", "Note")
SEED = 20261122
LATIN = "abcXYZ éèçñüœ’«»-"
WORDS = {
    "cp1252": st.sampled_from(["Sénégal", "été à l’école", "España", "Größe", "œuvre", "Cities"]),
    "cp1251": st.sampled_from(["Показатель", "Число городов", "ООН-Хабитат", "Cities", "ещё"]),
    "cp1256": st.sampled_from(["السنغال", "عدد المدن", "القاهرة", "Cities", "مصر"]),
    "gb18030": st.sampled_from(["城市数目", "北京市", "联合国人居署", "Cities", "政策和计划"]),
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16")
LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
DIGITS = {"ascii": "0123456789", "arabic": "٠١٢٣٤٥٦٧٨٩", "wide": "０１２３４５６７８９"}

numbers = st.builds(
    lambda whole, places: Decimal(whole).scaleb(-places),
    st.integers(-(10**11), 10**11),
    st.integers(0, 4),
)
texts = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf")),
    max_size=20,
).map(str.strip)


class Written(NamedTuple):
    """A file and the rows that were put into it."""

    content: bytes
    language: str
    rows: list[tuple[str, Decimal, str]]


def typed(number: Decimal, language: str, digits: str) -> str:
    """A number as somebody types it."""
    text = format(number, "f").replace(".", "," if language in {"fr", "es", "ru"} else ".")
    return text.translate(str.maketrans(DIGITS["ascii"], DIGITS[digits]))


@st.composite
def delimited(draw: st.DrawFn) -> Written:
    """Text of one encoding, separator and sort of digits, with the rows that were put into it."""
    encoding = draw(st.sampled_from((*UNICODE, *WORDS)))
    words = WORDS.get(encoding, texts)
    language, separator = draw(st.sampled_from(LANGUAGES)), draw(st.sampled_from(",;\t|"))
    digits = draw(st.sampled_from(sorted(DIGITS))) if encoding in UNICODE else "ascii"
    end = draw(st.sampled_from(("\n", "\r\n")))
    rows = draw(st.lists(st.tuples(words, numbers, words), min_size=1, max_size=6))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerow(HEAD)
    for code, number, note in rows:
        writer.writerow([code, typed(number, language, digits), note])
    return Written(out.getvalue().encode(encoding), language, rows)


@st.composite
def workbooks(draw: st.DrawFn) -> Written:
    """A workbook or text of our own writing, or a workbook of another program's."""
    language = draw(st.sampled_from(LANGUAGES))
    rows = draw(st.lists(st.tuples(texts, numbers, texts), min_size=1, max_size=6))
    sheet = Sheet("Figures", HEAD, rows)
    kind = draw(st.sampled_from(("ours", "theirs", "text")))
    if kind == "text":
        content = b"".join(
            write_csv(sheet, language=language, separator=draw(st.sampled_from(",;")))
        )
    elif kind == "ours":
        out = io.BytesIO()
        write_xlsx(out, [sheet], made_at=MADE_AT)
        content = out.getvalue()
    else:
        plain = [[_no_formula(c), number, _no_formula(n)] for c, number, n in rows]
        content = workbook([HEAD, *plain])
    return Written(content, language, rows)


def _no_formula(text: str) -> str | None:
    """The other program takes a text for a formula by its beginning."""
    return f"x{text}" if text.startswith("=") else text


def assert_equal(written: Written) -> None:
    table = read_table(written.content, name="", language=written.language, columns=COLUMNS)
    found = list(table.rows)
    assert len(found) == len(written.rows)
    for row, (code, number, note) in zip(found, written.rows, strict=True):
        assert row.problems == ()
        assert row.cells["code"].text.removeprefix("x") == code.removeprefix("x")
        assert row.cells["note"].text.removeprefix("x") == note.removeprefix("x")
        assert parse(row.cells["value"].text, written.language) == number


@pytest.mark.drill
class TestProperties:
    @pytest.mark.parametrize(
        ("kind", "files"), [("delimited", delimited()), ("others", workbooks())]
    )
    def test_any_table_comes_back_equal_or_is_asked_about(
        self,
        kind: str,
        files: st.SearchStrategy[Written],
        rounds: Callable[[int, int], int],
        tell: Callable[[str], None],
    ) -> None:
        """Few words in an old encoding may be no proof of it: then the file is asked about."""
        tried = asked = 0

        @settings(
            max_examples=rounds(200, 10_000),
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(files)
        def check(written: Written) -> None:
            nonlocal tried, asked
            tried += 1
            try:
                assert_equal(written)
            except TableRefused as refused:
                assert refused.code == "encoding_unknown"
                asked += 1

        check()
        tell(f"check 20: {tried} {kind} files equal as exact decimals, {asked} of them asked about")
        assert asked <= tried * 0.1

    def test_a_number_that_could_be_two_is_asked_about_and_never_guessed(self) -> None:
        for text, language in (("1.234", "fr"), ("1,23", "en"), ("1.5", "es"), ("1,5", "zh")):
            content = f"Code;Value\nA;{text}\n".encode()
            table = read_table(content, name="", language=language, columns=COLUMNS)
            with pytest.raises(NotANumber) as caught:
                parse(next(table.rows).cells["value"].text, language)
            assert caught.value.code == "ambiguous"


def seeds() -> list[bytes]:
    """Good files of every kind, to be spoilt."""
    rows = [
        ("FA2.1", Decimal("12.5"), "été"),
        ("=1", Decimal(-5), "line\nbreak"),
        ("x", Decimal(0), ""),
    ]
    sheet = Sheet("Figures", HEAD, rows)
    ours = io.BytesIO()
    write_xlsx(ours, [sheet], made_at=MADE_AT)
    text = b"".join(write_csv(sheet))
    theirs = workbook([["Title"], [], HEAD, *rows], lambda page: page.merge_cells("C4:C5"))
    spoilable = zipfile.ZipFile(io.BytesIO(theirs))
    parts = {name: spoilable.read(name) for name in spoilable.namelist()}
    return [
        text,
        text.decode("utf-8-sig").encode("utf-16"),
        "Code;Value;Note\nA;5;Größe\n".encode("cp1252"),
        ours.getvalue(),
        theirs,
        package(
            sheet_xml('<row><c t="s"><v>0</v></c><c><f>1</f></c></row>'),
            {
                "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>Code</t></si></sst>',
            },
        ),
        *(stored({**parts, name: content}) for name, content in parts.items()),
    ]


def stored(parts: dict[str, bytes]) -> bytes:
    """An archive of unpacked parts, so that a changed byte reaches the XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Bytes changed, cut out, doubled or cut off; in archives within the parts as well."""
    if content.startswith(b"PK") and chance.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(parts))
        parts[name] = _spoilt_bytes(parts[name], chance)
        return zipped(parts) if chance.random() < 0.2 else stored(parts)
    return _spoilt_bytes(content, chance)


def _spoilt_bytes(content: bytes, chance: random.Random) -> bytes:
    spoiling = bytearray(content)
    for _change in range(chance.choice((1, 1, 2, 5, 20))):
        if not spoiling:
            break
        at = chance.randrange(len(spoiling))
        span = chance.choice((1, 2, 8, 64))
        match chance.randrange(6):
            case 0:
                spoiling[at] = chance.randrange(256)
            case 1:
                del spoiling[at : at + span]
            case 2:
                spoiling[at:at] = spoiling[at : at + span] * chance.choice((1, 2, 50))
            case 3:
                spoiling[at:at] = chance.choice(TOKENS)
            case 4:
                spoiling[at : at + span] = chance.randbytes(span)
            case 5 if chance.random() < 0.1:
                del spoiling[at:]
    return bytes(spoiling)


TOKENS = (
    *(
        b"\0",
        b'"',
        b"'",
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<!--",
        b"<!DOCTYPE a>",
        b"&lt;",
        b"\xef\xbb\xbf",
    ),
    *(b"\xff\xfe", b"-1", b"99999999999", b"1e999", b"NaN", b' t="s"', b' t="e"', b' r="XFD1"'),
    *(b"<row>", b"</row>", b"<c>", b"</c>", b"<f/>", b"<v>", b"PK\x05\x06", b"PK\x06\x07", b"=1+1"),
    *(
        b"\r",
        b"\n",
        b";",
        b",",
        b"\t",
        "٣".encode(),
        "\u202e".encode(),
        b"\xed\xa0\x80",
        b"_x0000_",
    ),
)


@pytest.mark.drill
class TestFuzz:
    def test_a_spoilt_file_is_read_or_refused_and_nothing_else(
        self, rounds: Callable[[int, int], int], tell: Callable[[str], None]
    ) -> None:
        chance = random.Random(SEED)  # noqa: S311
        good = seeds()
        read = refused = 0
        slowest = 0.0
        for _round in range(rounds(300, 100_000)):
            content = spoilt(chance.choice(good), chance)
            began = time.process_time()
            try:
                table = read_table(
                    content,
                    name="x",
                    language=chance.choice(LANGUAGES),
                    columns=COLUMNS,
                    limits=Limits(rows=1_000),
                )
                read += bool(list(table.rows)) or 1
            except TableRefused as found:
                assert found.sentence
                refused += 1
            slowest = max(slowest, time.process_time() - began)
        tell(
            f"check 21: seed {SEED}, {read + refused} spoilt files, {read} read, {refused} refused, "
            f"slowest {slowest:.2f} s"
        )
        assert slowest < 5
        assert read
        assert refused
