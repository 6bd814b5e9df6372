"""Sixty texts that a careless renderer would run, and a document that has one of them everywhere."""

from dataclasses import replace
from decimal import Decimal

from sample_document import listed_document

from reporting.document import (
    Annex,
    Chart,
    ChartMark,
    ChartPoint,
    Column,
    Document,
    Figure,
    FigureRef,
    Heading,
    LineageLine,
    Masthead,
    NoteRef,
    Paragraph,
    Progress,
    Rating,
    Row,
    Run,
    Source,
    Table,
    Text,
)
from reporting.rendering.labels import fixed_labels

TYPST = (
    '#read("/etc/passwd")', '#import "/etc/passwd": *', '#include "governing_council.typ"',
    "#eval(\"1+1\")", "$ x^2 + y $", "*bold* _lean_ `raw`", "#{ panic(\"x\") }", "] #sys.inputs [",
    '#image("/etc/hostname")', "= Heading\n== Next", '#link("https://evil.example")[go]',
    "// comment /* and */", "@ref <label> #label(\"x\")", '#json("x.json")', "\\u{41} \\ ~ -- ---",
    '") #panic() ("', "#set page(width: 1pt)", "#show: none", "#plugin(\"a.wasm\")", "#context here()",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<img src="file:///etc/passwd">',
    '<iframe src="//evil.example"></iframe>', '"><svg onload=alert(1)>', "<style>*{display:none}</style>",
    "</style><script>1</script>", "<!--", "<a href=\"javascript:alert(1)\">x</a>", "javascript:alert(1)",
    "<![CDATA[x]]>", "&lt;b&gt; &amp; &#60;", "<?xml version='1.0'?>", "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>",
    "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "<w:r><w:t>x</w:t></w:r>",
    "data:text/html,<b>1</b>",
)  # fmt: skip
TEMPLATES = (
    "{{ say }}", "{{ document.figures }}", "{% include 'x.html' %}", "{% load i18n %}{% now 'Y' %}",
    "{# note #}", "{count}", "{0.__class__}", "%(period)s %s %d", "${7*7} #{7*7}", "[[FA2.1@2017:actual]]",
)  # fmt: skip
OFFICE = (
    "=1+1", "@SUM(A1:A9)", "+cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example")',
    "-2+3", "{=1}", 'HYPERLINK "http://evil.example"', 'INCLUDETEXT "/etc/passwd"',
    "/URI (http://evil.example) /S /JavaScript", "/OpenAction /Launch /EmbeddedFile", "https://evil.example/x",
    "pay \u202e100\u202c \u2066now\u2069 \x00\x07\x1b",
)  # fmt: skip
PAYLOADS = TYPST + MARKUP + TEMPLATES + OFFICE


def hostile_document(payload: str) -> Document:
    """A document with the payload in each of its texts, in every kind of block."""
    sample = listed_document()

    def words(place: str) -> Text:
        return Text.of(en=f"{place}: {payload}")

    key, bad = "FA2.1@2016-2017:actual", Text.of(en=payload)
    rows = (
        Row((words("group"),), "group"),
        Row((words("cell"), FigureRef(key), FigureRef(key, payload), Rating("on_track", bad, bad),
             Progress(Decimal("0.5"), Decimal("0.6"), "on_track"))),
        Row((bad, FigureRef("slum@2018"), FigureRef("slum@2016"), bad, bad), "total"),
    )  # fmt: skip
    columns = (
        Column("code", bad), Column("n", bad, "number"), Column("p", bad, "per_cent"),
        Column("r", bad, "rating"), Column("b", bad, "progress"),
    )  # fmt: skip
    points = tuple(ChartPoint(str(year), bad, key) for year in (2015, 2017))
    marks = (ChartMark("2017", key, "target", bad),)
    sentence = (Run(payload), FigureRef(key), Run(payload, "bold"), FigureRef(key, payload),
                Run(payload, "italic", "fr"), NoteRef("bad"))  # fmt: skip
    return replace(
        sample,
        period=f"2016 {payload}",
        masthead=Masthead(
            bad, f"HSP/{payload}", bad, sample.masthead.date, bad, bad, bad, words("title"), bad,
            (Paragraph(0, {"en": sentence}),), bad, bad, bad, bad,
        ),
        blocks=(
            Heading(1, "I", words("heading")),
            Paragraph(1, {"en": sentence}),
            Paragraph(0, {"en": sentence}, item=1),
            Table(1, words("table"), columns, rows, bad, False, ("bad",), sheet=""),
            Chart(1, "line", words("line"), bad, points, marks, bad, False, ("bad",)),
            Chart(2, "bars", words("bars"), bad, points, (), bad, False, ("bad",)),
            Annex("I", words("annex"), (Heading(2, payload, bad),)),
        ),
        figures=dict(sample.figures) | {
            key: Figure(key, Decimal(1086), unit=bad, source="bad", rule=bad, label=bad,
                        lineage=(LineageLine(bad, Decimal(1), bad, 2, bad),)),
        },
        sources=dict(sample.sources)
        | {"bad": Source("bad", words("source"), payload, payload)},
        labels={name: Text.of(en=payload) if name in _SPOILT else text
                for name, text in fixed_labels().items()},
    )  # fmt: skip


# Labels that are printed, and none that names a sheet twice or counts.
_SPOILT = (
    "illustrative",
    "signs_note",
    "fingerprint",
    "origins",
    "rule",
    "evidence_other",
    "source",
)
