"""The head of a document: organ, session, title, what is illustrative and what is translated."""

from collections.abc import Mapping, Sequence

from habitat_plan.kit import formats
from habitat_plan.kit.wording import LANGUAGES
from reporting.assembly import words
from reporting.assembly.figures import FigureBook
from reporting.assembly.snapshot import Snapshot
from reporting.document import NO_TEXT, Masthead, Paragraph, Text
from reporting.models import Session
from reporting.models.calendar import Body

SYMBOLS: Mapping[str, str] = {
    Body.GOVERNING_COUNCIL: "HSP/GC/[…]",
    Body.COMMITTEE: "HSP/CPR/[…]",
    Body.GENERAL_ASSEMBLY: "A/[…]",
    Body.SECRETARIAT: "IMDIS/[…]",
}
"""How a symbol begins before it is given, by the body that the report goes to."""


def masthead_of(snapshot: Snapshot, book: FigureBook, summary: Sequence[Paragraph]) -> Masthead:
    """Everything above the first chapter."""
    kind, period = snapshot.kind, str(snapshot.period)
    illustrative = any(figure.illustrative for figure in book.figures.values())
    return Masthead(
        organ=_organ(snapshot),
        symbol=SYMBOLS[kind.body],
        distribution=words.said("Distr.: General"),
        date=snapshot.period.end,
        original=words.said("Original: English"),
        session=words.of(snapshot.session.name) if snapshot.session else NO_TEXT,
        place_and_dates=place_and_dates(snapshot.session) if snapshot.session else NO_TEXT,
        agenda_item=agenda(snapshot.agenda_item),
        title=words.said(kind.heading, period=period),
        author=words.said("Report of the Executive Director"),
        summary=tuple(summary),
        illustrative=illustrative_notice() if illustrative else NO_TEXT,
        working_note=working_note(),
        fallback_note=words.said(
            "Some paragraphs have not been translated into this language yet. They stand in the "
            "language in which they were written."
        ),
    )


def agenda(item: str) -> Text:
    """`Item 8 of the provisional agenda`; nothing without an item."""
    if not item:
        return NO_TEXT
    return words.said("Item %(item)s of the provisional agenda", item=item)


def _organ(snapshot: Snapshot) -> Text:
    """Who meets, if the session says so, else the body that the plan names."""
    named = words.of(snapshot.session.organ) if snapshot.session else NO_TEXT
    return named or organ(snapshot.kind.body)


def organ(body: str) -> Text:
    """To whom the report goes, as printed at its head."""
    if body == Body.COMMITTEE:
        return words.said(
            "Committee of Permanent Representatives to the United Nations Human Settlements "
            "Programme"
        )
    if body == Body.GENERAL_ASSEMBLY:
        return words.said("General Assembly")
    if body == Body.SECRETARIAT:
        return words.said("Secretariat")
    return words.said("Governing Council of the United Nations Human Settlements Programme")


def illustrative_notice() -> Text:
    """The notice on figures that are made up."""
    return words.said(
        "This document holds figures that were invented for demonstration. They are marked "
        "“Illustrative” and are not results of UN-Habitat."
    )


def working_note() -> Text:
    """The note on translations of our own."""
    return words.said(
        "Texts without an official version in this language are working translations."
    )


def place_and_dates(session: Session) -> Text:
    """`Nairobi, 8 May 2017 – 12 May 2017` in each language; assumed dates are not printed.

    Nor are those of the General Assembly, whose sessions last a year.
    """
    if session.is_assumed or session.body == Body.GENERAL_ASSEMBLY:
        return NO_TEXT
    place = words.of(session.place)
    texts = {
        language: ", ".join(
            part
            for part in (
                str(place.in_language(language)),
                f"{formats.day(session.starts_on, language)} – "
                f"{formats.day(session.ends_on, language)}",
            )
            if part
        )
        for language in LANGUAGES
    }
    return Text(texts, words.WORKING)
