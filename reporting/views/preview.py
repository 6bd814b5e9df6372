"""A section's text as it will print: figures with who approved them, stale ones marked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from reporting.document import Figure
from reporting.queries.bound import Bound, printed
from reporting.queries.narrative import misfits, sentence_of
from reporting.rendering.marks import item_mark
from reporting.rendering.presenting import direction_of
from reporting.rules.markup import Binding, Inline, Narrative, Passage, Words, parse
from reporting.rules.references import BadReference
from reporting.rules.references import parse as parse_reference
from reporting.rules.words import form_of


@dataclass(frozen=True)
class ShownPart:
    """Words, a bound figure or a footnote mark within a passage.

    A figure has its `url` and `title`; a stale one shows what its writer saw (`text`) and what it
    is `now`. `after` are the words chosen by its number.
    """

    kind: Literal["words", "figure", "note"]
    text: str
    emphasis: str = ""
    url: str = ""
    title: str = ""
    now: str = ""
    after: str = ""
    is_missing: bool = False


@dataclass(frozen=True)
class ShownPassage:
    """A paragraph, subparagraph or subheading with its number or letter."""

    kind: str
    mark: str
    parts: tuple[ShownPart, ...]

    @property
    def is_stale(self) -> bool:
        """True if a figure in it changed."""
        return any(part.now for part in self.parts)


@dataclass(frozen=True)
class Preview:
    """The whole text as it will print, in one language."""

    language: str
    passages: tuple[ShownPassage, ...]
    notes: tuple[tuple[int, str, str], ...]
    findings: tuple[str, ...]
    illustrative: bool

    @property
    def direction(self) -> str:
        """The direction it is written in."""
        return direction_of(self.language)


def preview_of(body: str, language: str, bound: Iterable[Bound]) -> Preview:
    """A text as it will print with these figures."""
    narrative = parse(body)
    found = {one.reference: one for one in bound}
    numbers = {key: place for place, key in enumerate(narrative.footnotes, 1)}
    return Preview(
        language,
        tuple(_passages(narrative, language, found, numbers)),
        tuple((numbers[key], key, words) for key, words in narrative.footnotes.items()),
        (*map(sentence_of, narrative.findings), *misfits(narrative, language)),
        any(one.figure is not None and one.figure.illustrative for one in found.values()),
    )


def _passages(
    narrative: Narrative, language: str, bound: Mapping[str, Bound], notes: Mapping[str, int]
) -> Iterator[ShownPassage]:
    number = 0
    for passage in narrative.passages:
        number += passage.kind == "paragraph"
        parts = tuple(_part(inline, language, bound, notes) for inline in passage.inlines)
        yield ShownPassage(passage.kind, _mark(passage, number, language), parts)


def _mark(passage: Passage, number: int, language: str) -> str:
    if passage.kind == "item":
        return item_mark(passage.item, language)
    return f"{number}." if passage.kind == "paragraph" else ""


def _part(
    inline: Inline, language: str, bound: Mapping[str, Bound], notes: Mapping[str, int]
) -> ShownPart:
    if isinstance(inline, Words):
        return ShownPart("words", inline.text, inline.emphasis)
    if isinstance(inline, Binding):
        return _figure(inline, language, bound.get(inline.reference))
    return ShownPart("note", str(notes[inline.key]), url=f"#note-{notes[inline.key]}")


def _figure(binding: Binding, language: str, one: Bound | None) -> ShownPart:
    if one is None or one.figure is None:
        title = str(one.refused.message) if one and one.refused else ""
        return ShownPart("figure", binding.reference, title=title, is_missing=True)
    figure = one.figure
    now = number_in(figure, language)
    was = now
    if one.is_stale and one.seen is not None:
        was = _number(one.seen.value, one.seen.nothing, figure.decimals, language)
    return ShownPart(
        "figure",
        was,
        binding.emphasis,
        url=address_of(binding.reference),
        title=title_of(one),
        now=now if one.is_stale else "",
        after=form_of(binding.forms, figure.value, figure.decimals, language),
    )


def number_in(figure: Figure, language: str) -> str:
    """The figure as a sentence of this language prints it."""
    return _number(figure.value, figure.nothing, figure.decimals, language)


def _number(value: Decimal | None, nothing: str, decimals: int, language: str) -> str:
    shown = printed(value, decimals)
    if shown is not None:
        return formats.figure(shown, decimals, language).replace(formats.LEFT_TO_RIGHT, "")
    with override(language):
        words = {
            "not_due": _("not due"),
            "not_applicable": _("not applicable"),
        }
        return words.get(nothing, _("not reported"))


def address_of(reference: str) -> str:
    """Where the arithmetic behind a figure stands."""
    try:
        parsed = parse_reference(reference)
    except BadReference:
        return ""
    return f"{reverse('arithmetic', args=[parsed.code])}?period={parsed.period}"


def title_of(one: Bound) -> str:
    """What a figure is and who approved it."""
    if one.approved is None:
        return one.reference
    day = formats.day(timezone.localtime(one.approved.at).date(), get_language() or "en")
    return _("%(reference)s, approved on %(day)s by %(who)s") % {
        "reference": one.reference, "day": day, "who": one.approved.who,
    }  # fmt: skip
