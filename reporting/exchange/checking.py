"""What of a returned section fits its source: codes of problems and questions, no sentences."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reporting.exchange.handoff import Hole, Piece, ReturnedSection
from reporting.exchange.memory import Kept
from reporting.exchange.passages import (
    BETWEEN_FORMS,
    SourcePassage,
    body_of,
    forms_in,
    numbers_in,
    passages_of,
    same,
)
from reporting.exchange.scripts import is_in_script
from reporting.rules.markup import Binding, Footnote, Inline, Narrative, Words, parse
from reporting.rules.words import FORMS

LONGEST_PASSAGE = 20_000
_CODE = re.compile(r"<[/!?]?[a-zA-Z][^<>]{0,200}>")
_SAME_WORDS = 4
"""Fewer words than these may well be the same in two languages."""

Forms = Mapping[tuple[str, int], tuple[str, ...]]


@dataclass(frozen=True)
class Problem:
    """Something of a passage that is wrong, or that somebody is asked about.

    Wrong: `hole_missing`, `hole_twice`, `hole_unknown`, `passage_unknown`, `forms_count`,
    `code_in_text`, `too_long`. Asked: `other_script`, `same_as_source`. `hole` is the figure or
    mark concerned, `words` what was written, `count` how many there are.
    """

    code: str
    passage: str
    hole: Inline | None = None
    words: str = ""
    count: int = 0


@dataclass(frozen=True)
class CheckedPassage:
    """A passage of the source and its translation (None: there is none yet)."""

    source: SourcePassage
    target: tuple[Inline, ...] | None


@dataclass(frozen=True)
class CheckedSection:
    """A section that was compared with its source.

    `body` is the translation to be kept, in which a passage without one stands in the words of
    the source; empty if there are problems.
    """

    passages: tuple[CheckedPassage, ...]
    problems: tuple[Problem, ...]
    questions: tuple[Problem, ...]
    body: str

    @property
    def missing(self) -> tuple[SourcePassage, ...]:
        """The passages without a translation."""
        return tuple(one.source for one in self.passages if one.target is None)


def check_section(
    returned: ReturnedSection, source: Narrative, *, original: str, target: str, kept: Kept
) -> CheckedSection:
    """Compares a returned section with its source. `original` and `target` are languages.

    Where the file brings nothing for a passage, what is `kept` of an earlier translation stands.
    """
    sources = passages_of(source)
    known = {one.key for one in sources}
    problems = [Problem("passage_unknown", key) for key in returned.targets if key not in known]
    questions: list[Problem] = []
    forms: dict[tuple[str, int], tuple[str, ...]] = {}
    for passage in sources:
        pieces = returned.targets.get(passage.key)
        if pieces is not None:
            problems += _wrong(passage, pieces, target)
        if passage.kind == "forms" and (found := _forms(passage, pieces, target, kept)):
            forms[passage.of] = found
    checked = tuple(_checked(one, returned.targets.get(one.key), forms, kept) for one in sources)
    for one in checked:
        if one.target is not None and one.source.key in returned.targets:
            questions += _asked(one, original=original, target=target)
    body = "" if problems else body_of(map(_standing, checked))
    return CheckedSection(checked, tuple(problems), tuple(questions), body)


def _wrong(passage: SourcePassage, pieces: Sequence[Piece], language: str) -> Iterator[Problem]:
    """What of a returned passage cannot be kept."""
    text = "".join(piece.text for piece in pieces if isinstance(piece, Words))
    if len(text) > LONGEST_PASSAGE:
        yield Problem("too_long", passage.key, count=LONGEST_PASSAGE)
    if (code := _CODE.search(text)) and not _CODE.search(passage.words):
        yield Problem("code_in_text", passage.key, words=code[0][:60])
    if passage.kind == "forms":
        count = len(forms_in(text))
        if count not in {1, len(FORMS[language])}:
            yield Problem("forms_count", passage.key, words=text[:200], count=count)
    yield from _wrong_holes(passage, pieces)


def _wrong_holes(passage: SourcePassage, pieces: Sequence[Piece]) -> Iterator[Problem]:
    """Each figure and mark of the source stands in the translation as often as in the source."""
    numbers = [piece.number for piece in pieces if isinstance(piece, Hole)]
    unknown = sum(not 1 <= number <= len(passage.holes) for number in numbers)
    if unknown:
        yield Problem("hole_unknown", passage.key, count=unknown)
    wanted = Counter(map(same, passage.holes))
    given = Counter(
        same(passage.holes[number - 1]) for number in numbers if 1 <= number <= len(passage.holes)
    )
    for hole in {same(hole): hole for hole in passage.holes}.values():
        if given[same(hole)] < wanted[same(hole)]:
            yield Problem("hole_missing", passage.key, hole)
        elif given[same(hole)] > wanted[same(hole)]:
            yield Problem("hole_twice", passage.key, hole, count=given[same(hole)])


def _forms(
    passage: SourcePassage, pieces: Sequence[Piece] | None, language: str, kept: Kept
) -> tuple[str, ...]:
    """The forms of the words after a number; one is repeated if the language asks for more."""
    words: Sequence[Piece | Inline] = pieces if pieces is not None else kept.get(passage.key, ())
    found = forms_in("".join(one.text for one in words if isinstance(one, Words)))
    return found * len(FORMS[language]) if len(found) == 1 else found


def _checked(
    passage: SourcePassage, pieces: Sequence[Piece] | None, forms: Forms, kept: Kept
) -> CheckedPassage:
    """A passage with what is to stand for it."""
    if passage.kind == "forms":
        words = BETWEEN_FORMS.join(forms.get(passage.of, ()))
        return CheckedPassage(passage, (Words(words),) if words else None)
    if pieces is None:
        inlines = kept.get(passage.key)
        numbers = numbers_in(passage.holes, inlines or ())
    else:
        fitting = [one for one in pieces if isinstance(one, Words) or _fits(passage, one)]
        numbers = [one.number for one in fitting if isinstance(one, Hole)]
        inlines = tuple(_filled(passage, one) for one in fitting)
    if inlines is None or not _has_forms(passage, forms):
        return CheckedPassage(passage, None)
    return CheckedPassage(passage, _plain(passage, _with_forms(inlines, numbers, forms, passage)))


def _fits(passage: SourcePassage, hole: Hole) -> bool:
    return 1 <= hole.number <= len(passage.holes)


def _filled(passage: SourcePassage, piece: Piece) -> Inline:
    """A figure has the emphasis of the words around it in the translation."""
    if isinstance(piece, Words):
        return piece
    hole = passage.holes[piece.number - 1]
    return replace(hole, emphasis=piece.emphasis) if isinstance(hole, Binding) else hole


def _has_forms(passage: SourcePassage, forms: Forms) -> bool:
    """False while a word after a number is not translated: then the sentence is not either."""
    return all(
        (passage.key, place) in forms
        for place, hole in enumerate(passage.holes, 1)
        if isinstance(hole, Binding) and hole.forms
    )


def _with_forms(
    inlines: Sequence[Inline], numbers: Sequence[int], forms: Forms, passage: SourcePassage
) -> Iterator[Inline]:
    order = iter(numbers)
    for one in inlines:
        if isinstance(one, Words):
            yield one
            continue
        number = next(order)
        if isinstance(one, Binding):
            yield replace(one, forms=forms.get((passage.key, number), ()))
        else:
            yield one


def _plain(passage: SourcePassage, inlines: Iterator[Inline]) -> tuple[Inline, ...] | None:
    """The inlines as they will be read again; None if no word and no figure is left."""
    made = replace(passage, kind="paragraph", inlines=tuple(inlines))
    keys = dict.fromkeys(one.key for one in made.inlines if isinstance(one, Footnote))
    notes = [SourcePassage("", "footnote", (Words("x"),), note=key) for key in keys]
    found = parse(body_of([made, *notes])).passages
    if not found:
        return None
    if passage.kind == "footnote":
        return (Words("".join(one.text for one in found[0].inlines if isinstance(one, Words))),)
    return found[0].inlines


def _asked(one: CheckedPassage, *, original: str, target: str) -> Iterator[Problem]:
    """What may be right, and is asked about."""
    words = "".join(part.text for part in one.target or () if isinstance(part, Words))
    if not is_in_script(words, target):
        yield Problem("other_script", one.source.key, words=words)
    elif (
        original != target
        and words.strip() == one.source.words.strip()
        and len(words.split()) >= _SAME_WORDS
    ):
        yield Problem("same_as_source", one.source.key, words=words)


def _standing(one: CheckedPassage) -> SourcePassage:
    return one.source if one.target is None else replace(one.source, inlines=one.target)
