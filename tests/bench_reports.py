"""`make bench`: what reports cost beside the bare renderers, and what a second worker brings.

Bare means the libraries alone on the same document: typst with the very input that we hand to it,
python-docx and XlsxWriter with the same words in the same tables and the same pictures, none of
our styles, directions, footnotes or links. Times are processor seconds of a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import DATA, ROOT, document, larger, seconds, set_up, show

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
FORMATS = ("pdf", "docx", "xlsx")
SHARED: list[Any] = []
"""The document that worker processes inherit."""


def printed(whole: Any, language: str) -> tuple[list[str], list[list[list[str]]], list[str]]:
    """A document's paragraphs, its tables of texts and its pictures as SVG, in one language."""
    from reporting.document import Chart, Heading, Paragraph, Table, blocks_of
    from reporting.rendering.reading import Reader

    reader = Reader(whole, language)
    texts, tables, pictures = [], [], []
    for block in blocks_of(whole):
        if isinstance(block, Paragraph):
            texts.append("".join(piece.text for piece in reader.pieces(block)))
        elif isinstance(block, Heading):
            texts.append(reader.words(block.text))
        elif isinstance(block, Table):
            kinds = [column.kind for column in block.columns]
            rows = [[reader.heading(column) for column in block.columns]]
            rows += [
                [reader.cell(cell, kind) for cell, kind in zip(row.cells, kinds, strict=False)]
                for row in block.rows
            ]
            tables.append(rows)
        elif isinstance(block, Chart) and block.kind != "bullets":
            pictures.append(reader.picture(block))
    return texts, tables, pictures


def bars(whole: Any, language: str) -> list[str]:
    """The progress bars in the tables, which the word processor gets as pictures too."""
    from reporting.document import Progress, Table, blocks_of
    from reporting.rendering.reading import Reader

    reader = Reader(whole, language)
    return [
        reader.bullet(cell)
        for block in blocks_of(whole)
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
        if isinstance(cell, Progress) and cell.achievement is not None
    ]


def bare_docx(found: Any, drawn: list[str]) -> None:
    """The same words, tables and pictures through python-docx and vl-convert alone."""
    import io

    import docx
    import vl_convert

    texts, tables, pictures = found
    word = docx.Document()
    for text in texts:
        word.add_paragraph(text)
    for rows in tables:
        made = word.add_table(rows=len(rows), cols=len(rows[0]))
        cells, count = made._cells, len(rows[0])
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                cells[place * count + column].text = text
    for svg in (*pictures, *drawn):
        word.add_picture(io.BytesIO(vl_convert.svg_to_png(svg, scale=2)))
    word.save(io.BytesIO())


def bare_xlsx(whole: Any, found: Any, language: str) -> None:
    """The same tables and the same list of figures with their arithmetic through XlsxWriter alone."""
    import io

    import xlsxwriter

    from reporting.rendering.reading import Reader

    reader = Reader(whole, language)
    _texts, tables, _pictures = found
    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
    for rows in tables:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(place, column, text)
    figures, lineage = book.add_worksheet(), book.add_worksheet()
    line = 0
    for place, figure in enumerate(whole.figures.values()):
        shown = (
            figure.key, reader.words(figure.label), str(figure.value), reader.figure(figure.key),
            reader.words(figure.unit), figure.nothing, figure.source, reader.words(figure.rule),
        )  # fmt: skip
        for column, text in enumerate(shown):
            figures.write_string(place, column, text)
        for one in figure.lineage:
            parts = (figure.key, one.label, one.value, one.note, one.evidence, one.approval)
            for column, part in enumerate(parts):
                text = reader.words(part) if hasattr(part, "texts") else str(part)
                lineage.write_string(line, column, text)
            line += 1
    book.close()


def made(what: str, times: int) -> float:
    """Processor seconds of eighteen files, ours or bare, in this process."""
    import typst

    from reporting.rendering import pdf, render
    from reporting.rendering.docx_pictures import drawn as draw

    whole = larger(document(), times)
    draw('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    # What a worker learns once and not for each report: fonts, names of months, plural rules.
    found = {language: printed(whole, language) for language in LANGUAGES}
    drawn = {language: bars(whole, language) for language in LANGUAGES}
    if what == "ours":
        start = time.process_time()
        for language in LANGUAGES:
            for format in FORMATS:
                render(whole, language, format)
        return time.process_time() - start
    compile_, calls = typst.compile, []
    pdf.typst.compile = lambda *args, **kwargs: calls.append((args, kwargs)) or b""
    for language in LANGUAGES:
        render(whole, language, "pdf")
    start = time.process_time()
    for args, kwargs in calls:
        compile_(*args, **kwargs)
    for language in LANGUAGES:
        bare_docx(found[language], drawn[language])
        bare_xlsx(whole, found[language], language)
    return time.process_time() - start


def elsewhere(*arguments: str) -> float:
    """What another process answers, the least of three runs."""
    command = [sys.executable, __file__, *arguments]
    return min(
        float(
            subprocess.run(
                command, check=True, cwd=ROOT, capture_output=True, text=True, env=os.environ
            ).stdout.split()[-1]
        )
        for _round in range(3)
    )


def files_ratio() -> None:
    """Six languages in three formats, ours against bare, for the document and four times it."""
    for times in (1, 4):
        name = f"18 files of the biennial report x{times}, against bare renderers"
        ours, bare = (elsewhere("made", what, str(times)) for what in ("ours", "bare"))
        show(name, ours, bare, "at most 1.5")


def worked(workers: int) -> float:
    """Seconds by the clock until workers that share the eighteen jobs are done with them."""
    import multiprocessing as processes

    SHARED.append(document())
    wanted = [(language, format) for language in LANGUAGES for format in FORMATS]
    with processes.get_context("fork").Pool(workers, initializer=warm) as pool:
        pool.map(quiet, range(workers))
        start = time.monotonic()
        pool.map(one_file, wanted, chunksize=1)
        return time.monotonic() - start


def warm() -> None:
    """What a worker does once: it learns the fonts."""
    from reporting.rendering.docx_pictures import drawn as draw

    draw('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')


def quiet(number: int) -> int:
    """Nothing: waits until each worker is there."""
    time.sleep(0.3)
    return number


def one_file(job: tuple[str, str]) -> int:
    """One job: a language and a format."""
    from reporting.rendering import render

    return len(render(SHARED[0], *job))


def workers_ratio() -> None:
    """Two workers against one, by the clock."""
    one, two = (elsewhere("worked", str(workers)) for workers in (1, 2))
    show("18 files by two workers, against one (by the clock)", two, one, "at most 0.6")


def queries_of_assembly() -> None:
    """Queries of an assembly, with more and more figures."""
    from bench import more_figures
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from indicators.models import Achievement

    for times in (0, 4):
        if times:
            more_figures(times)
        with CaptureQueriesContext(connection) as queries:
            took = seconds(document, rounds=1)
        print(
            f"Assembly of the biennial report, {Achievement.objects.count()} achievements: "
            f"{len(queries)} queries, {took:.2f} s   (asked: at most 40 queries)"
        )


def memory() -> None:
    """Peak memory of a process that makes the files of a hundred reports, after 20 and 100."""
    found = json.loads(
        subprocess.run(
            [sys.executable, __file__, "hundred"], check=True, cwd=ROOT, capture_output=True,
            text=True, env=os.environ,
        ).stdout.splitlines()[-1]
    )  # fmt: skip
    print(
        f"Memory of a process after 20 and 100 reports of three files: {found['20']} and "
        f"{found['100']} MB   (asked: under 300 MB, no growth)"
    )


def hundred() -> None:
    """Makes a hundred reports, each another one, and tells the peak memory on the way."""
    import dataclasses
    import resource

    from reporting.rendering import render
    from reporting.rendering.memory import give_back

    whole, told = document(), {}
    for number in range(1, 101):
        masthead = dataclasses.replace(whole.masthead, symbol=f"BENCH/{number}")
        report = dataclasses.replace(whole, masthead=masthead)
        language = LANGUAGES[number % len(LANGUAGES)]
        for format in FORMATS:
            render(report, language, format)
            give_back(format)
        if number in {20, 100}:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            told[str(number)] = peak // 1024
    print(json.dumps(told))


def main() -> None:
    """All of them."""
    os.environ["HABITAT_BENCH_DATA"] = str(DATA)
    try:
        set_up()
        queries_of_assembly()
        files_ratio()
        workers_ratio()
        memory()
    finally:
        shutil.rmtree(DATA, ignore_errors=True)


CALLS: dict[str, Callable[[], None]] = {
    "made": lambda: print(made(sys.argv[2], int(sys.argv[3]))),
    "worked": lambda: print(worked(int(sys.argv[2]))),
    "hundred": hundred,
}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        import django

        django.setup()
        CALLS[sys.argv[1]]()
    else:
        main()
