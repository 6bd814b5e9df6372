"""The passages of a narrative, each under a key, and a narrative written from its passages.

A passage is what a translator sees as one: a paragraph, a subparagraph, a subheading (`1`, `2` and
so on), the words of a footnote (`n1`), or the forms of the words after a number (`2.1`: those of
the first figure in passage 2).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reporting.rules.markup import Binding, Emphasis, Footnote, Inline, Narrative, Words

Kind = Literal["paragraph", "item", "heading", "footnote", "forms"]

BETWEEN_FORMS = " | "
_STARS: Mapping[Emphasis, str] = {"": "", "italic": "*", "bold": "**"}
_ESCAPED = re.compile(r"[\\*]|\[(?=[\[^])|\[$")
_BEGINS_BLOCK = re.compile(r"(?P<before>\d{0,2})(?P<mark>[-#:.)])")
_SPACES = re.compile(r"[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")


@dataclass(frozen=True)
class SourcePassage:
    """A passage of a narrative. `item`: the place of a subparagraph in its list, else 0.

    `note`: the key of the footnote whose words these are. `of`: for forms, the key of the passage
    and the place of the figure in it.
    """

    key: str
    kind: Kind
    inlines: tuple[Inline, ...]
    item: int = 0
    note: str = ""
    of: tuple[str, int] = ("", 0)

    @property
    def holes(self) -> tuple[Binding | Footnote, ...]:
        """Bound figures and marks of footnotes in order: what a translator moves, never writes."""
        return tuple(one for one in self.inlines if not isinstance(one, Words))

    @property
    def words(self) -> str:
        """The words alone, without figures and marks."""
        return "".join(one.text for one in self.inlines if isinstance(one, Words))


def passages_of(narrative: Narrative) -> tuple[SourcePassage, ...]:
    """All that is to be translated of a narrative, in order: forms after the passage they are of,
    footnotes at the end."""
    return tuple(_passages(narrative))


def _passages(narrative: Narrative) -> Iterator[SourcePassage]:
    for number, passage in enumerate(narrative.passages, 1):
        made = SourcePassage(str(number), passage.kind, passage.inlines, passage.item)
        yield made
        for place, hole in enumerate(made.holes, 1):
            if isinstance(hole, Binding) and hole.forms:
                forms = (Words(BETWEEN_FORMS.join(hole.forms)),)
                yield SourcePassage(f"{number}.{place}", "forms", forms, of=(made.key, place))
    for number, (key, text) in enumerate(narrative.footnotes.items(), 1):
        yield SourcePassage(f"n{number}", "footnote", (Words(text),), note=key)


def same(hole: Inline) -> tuple[str, str]:
    """What makes two holes the same: the figure or the footnote, not the forms after it."""
    if isinstance(hole, Footnote):
        return ("note", hole.key)
    return ("figure", "" if isinstance(hole, Words) else hole.reference)


def numbers_in(holes: Sequence[Inline], target: Sequence[Inline]) -> list[int]:
    """The numbers that the holes of a target have among those of its source; 0 for others."""
    left = list(enumerate(map(same, holes), 1))
    found = []
    for hole in target:
        if not isinstance(hole, Words):
            match = next((pair for pair in left if pair[1] == same(hole)), (0, ("", "")))
            left = [pair for pair in left if pair != match]
            found.append(match[0])
    return found


def forms_in(text: str) -> tuple[str, ...]:
    """The forms typed with bars between them; what no form can hold is left out."""
    plain = re.sub(r"[\[\]]", "", spaced(text))
    return tuple(form for part in plain.split("|") if (form := part.strip()))


def spaced(text: str) -> str:
    """The text on one line, with single spaces. Spaces that do not break a line stay."""
    return _SPACES.sub(" ", text).strip(" ")


def body_of(passages: Iterable[SourcePassage]) -> str:
    """A narrative that reads as these passages, whatever characters they hold.

    Forms are taken from the figures themselves; passages of forms are passed over.
    """
    lines: list[str] = []
    last: SourcePassage | None = None
    marker = ""
    for passage in passages:
        if passage.kind == "forms":
            continue
        follows = last is not None and last.kind == passage.kind == "item"
        if passage.kind == "item" and passage.item == 1:
            # A list right after a list begins anew only under another sign.
            marker = "1. " if follows and marker == "- " else "- "
        if lines and not (follows and passage.item > 1):
            lines.append("")
        lines.append(_line(passage, marker))
        last = passage
    return "\n".join(lines)


def _line(passage: SourcePassage, marker: str) -> str:
    text = written(passage.inlines)
    if passage.kind == "heading":
        return f"### {text}"
    if passage.kind == "item":
        return marker + text
    if passage.kind == "footnote":
        return f"[^{passage.note}]: {text}"
    return _not_a_block(text)


def _not_a_block(text: str) -> str:
    """A paragraph that does not begin as a list, a heading or a footnote would."""
    if found := _BEGINS_BLOCK.match(text):
        return f"{found['before']}\\{text[len(found['before']):]}"
    if found := re.match(r"\[\^[^\[\]\s]+\](?=:)", text):
        return f"{found[0]}\\{text[found.end():]}"
    return text


def written(inlines: Sequence[Inline]) -> str:
    """The inlines as a writer would type them."""
    return "".join(
        _emphasized("".join(map(_typed, group)), emphasis)
        for emphasis, group in grouped(inlines)
    ).strip(" ")


def grouped(inlines: Sequence[Inline]) -> Iterator[tuple[Emphasis, list[Inline]]]:
    """The inlines with the emphasis that each stretch of them has. Marks of footnotes have none."""
    stretch: list[Inline] = []
    last: Emphasis = ""
    for one in inlines:
        emphasis: Emphasis = "" if isinstance(one, Footnote) else one.emphasis
        if stretch and emphasis != last:
            yield last, stretch
            stretch = []
        stretch.append(one)
        last = emphasis
    if stretch:
        yield last, stretch


def _emphasized(text: str, emphasis: Emphasis) -> str:
    """Asterisks stand next to words: spaces at the ends, of whatever width, go outside."""
    inner = text.strip()
    if not emphasis or not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    stars = _STARS[emphasis]
    return f"{before}{stars}{inner}{stars}{after}"


def _typed(inline: Inline) -> str:
    if isinstance(inline, Words):
        return _ESCAPED.sub(r"\\\g<0>", _SPACES.sub(" ", inline.text))
    if isinstance(inline, Footnote):
        return f"[^{inline.key}]"
    return f"[[{'|'.join((inline.reference, *inline.forms))}]]"
