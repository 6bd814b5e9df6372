"""What a report's page offers a delegation: to ask at each paragraph, and what was asked there."""

from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import get_language

from reporting import permissions
from reporting.document import Paragraph, TextInLanguage, blocks_of
from reporting.models import Report
from reporting.queries import Person, ReportPage
from reporting.queries.questions import Asked, questions_on
from reporting.rendering.reading import Reader
from reporting.rendering.shown import DocumentPage, ShownBlock, ShownParagraph


@dataclass(frozen=True)
class AskableParagraph(ShownParagraph):
    """A paragraph with the questions on it that the reader may see."""

    slug: str = ""
    may_ask: bool = False
    questions: tuple[Asked, ...] = ()

    @property
    def open(self) -> int:
        """How many wait for an answer."""
        return sum(one.is_open for one in self.questions)


@dataclass(frozen=True)
class Asking:
    """The questions on a report as its page shows them to one person."""

    may_read: bool = False
    may_ask: bool = False
    by_paragraph: dict[int, tuple[Asked, ...]] | None = None

    @property
    def number(self) -> int:
        """How many the person may read."""
        return sum(map(len, (self.by_paragraph or {}).values()))


def asking(page: ReportPage, user: Person) -> Asking:
    """What the person may read and ask; nothing before the report is issued. Two queries."""
    report = page.report
    if report.state != Report.State.ISSUED or not permissions.reads_for_committee(user):
        return Asking()
    found: dict[int, tuple[Asked, ...]] = {}
    for one in questions_on(report, user):
        number = one.question.paragraph
        found[number] = (*found.get(number, ()), one)
    return Asking(True, permissions.is_delegate(user), found)


def with_questions(
    shown: DocumentPage | None, report: Report, about: Asking
) -> DocumentPage | None:
    """The page with each numbered paragraph open to questions, for those who read them."""
    if shown is None or not about.may_read:
        return shown

    def askable(block: ShownBlock) -> ShownBlock:
        if not isinstance(block, ShownParagraph) or not block.number:
            return block
        values: dict[str, Any] = {one.name: getattr(block, one.name) for one in fields(block)}
        questions = (about.by_paragraph or {}).get(block.number, ())
        return AskableParagraph(
            **values, slug=report.slug, may_ask=about.may_ask, questions=questions
        )

    return replace(shown, blocks=tuple(askable(block) for block in shown.blocks))


def paragraph_words(page: ReportPage, number: int) -> TextInLanguage | None:
    """The sentence of a paragraph in the reader's language; None if there is no such paragraph."""
    if page.document is None or not number:
        return None
    for block in blocks_of(page.document):
        if isinstance(block, Paragraph) and block.number == number:
            reader = Reader(page.document, get_language() or "en")
            found = block.in_language(reader.language)
            words = "".join(piece.text for piece in reader.pieces(block))
            return TextInLanguage(words, found.language, False, found.is_fallback)
    return None
