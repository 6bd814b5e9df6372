"""Words, figures and sources: what the blocks of a frozen document are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, TypeVar

from reporting.document_json import since

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
FALLBACK = "en"

Nothing = Literal["", "not_due", "not_reported", "not_applicable"]
Value = TypeVar("Value")


def frozen(mapping: Mapping[str, Value]) -> Mapping[str, Value]:
    """A copy that cannot be changed, its keys in order."""
    return MappingProxyType(dict(sorted(mapping.items())))


def choice(mapping: Mapping[str, Value], language: str) -> str:
    """The language to read: the one asked for, else English, else whichever there is."""
    if language in mapping:
        return language
    return FALLBACK if FALLBACK in mapping else next(iter(mapping), language)


def check_languages(mapping: Mapping[str, object]) -> None:
    """Raises ValueError for a language that is not one of the six."""
    for language in mapping:
        if language not in LANGUAGES:
            raise ValueError(f"{language!r} is not one of {', '.join(LANGUAGES)}")


@dataclass(frozen=True)
class TextInLanguage:
    """One language's words: `language` is the language they are in, after any fallback."""

    text: str
    language: str
    is_working: bool
    is_fallback: bool

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Text:
    """Words in up to six languages; `working` names those whose words are our translation."""

    texts: Mapping[str, str]
    working: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_languages(self.texts)
        object.__setattr__(self, "texts", frozen(self.texts))
        working = tuple(sorted(set(self.working) & set(self.texts)))
        object.__setattr__(self, "working", working)

    @classmethod
    def of(cls, **texts: str) -> "Text":
        """Official words by language: `Text.of(en="Nairobi", fr="Nairobi")`."""
        return cls(texts)

    @classmethod
    def working_of(cls, **texts: str) -> "Text":
        """Working translations by language."""
        return cls(texts, tuple(texts))

    def in_language(self, language: str) -> TextInLanguage:
        """The words in that language, or in English and flagged as a fallback."""
        found = choice(self.texts, language)
        return TextInLanguage(
            self.texts.get(found, ""), found, found in self.working, found != language
        )

    def __bool__(self) -> bool:
        return any(self.texts.values())


NO_TEXT = Text({})


@dataclass(frozen=True)
class LineageLine:
    """One line of the arithmetic behind a figure: an office, its value, a remark.

    `evidence` is how many pieces of evidence the office holds for it (None: none are asked for);
    `approval` says who approved it and when, by function and never by name, since an issued
    document stays for ever.
    """

    label: Text
    value: Decimal | None = None
    note: Text = NO_TEXT
    evidence: int | None = field(default=None, metadata=since(2))
    approval: Text = field(default=NO_TEXT, metadata=since(2))


@dataclass(frozen=True)
class Figure:
    """A number that the document prints, exact, with its unit and where it comes from.

    `key` is its reference. Without a value, `nothing` says which of the three kinds of nothing it
    is; zero is a value. `decimals` is the number of places printed (half up). `per_cent`: the value
    29.5 means 29.5 per cent. `source` is the key of a `Source` or empty.
    """

    key: str
    value: Decimal | None
    nothing: Nothing = ""
    decimals: int = 0
    unit: Text = NO_TEXT
    per_cent: bool = False
    illustrative: bool = False
    source: str = ""
    lineage: tuple[LineageLine, ...] = ()
    rule: Text = NO_TEXT
    label: Text = NO_TEXT

    def __post_init__(self) -> None:
        if (self.value is None) == (self.nothing == ""):
            raise ValueError(f"Figure {self.key} needs either a value or the kind of nothing")
        if self.value is not None and not self.value.is_finite():
            raise ValueError(f"Figure {self.key} is not a finite number: {self.value}")


@dataclass(frozen=True)
class Source:
    """Where a figure or statement comes from; printed as a footnote."""

    key: str
    citation: Text
    licence: str = ""
    url: str = ""


@dataclass(frozen=True)
class Run:
    """Words within a paragraph; `language` is set where they are in another language."""

    text: str
    emphasis: Literal["", "italic", "bold"] = ""
    language: str = ""


@dataclass(frozen=True)
class FigureRef:
    """A figure bound into a sentence or a table cell.

    A sentence prints the number alone (the sentence itself says "per cent"), or `words` in its
    place ("Ten"); a table cell prints it as its column asks.
    """

    key: str
    words: str = ""


@dataclass(frozen=True)
class NoteRef:
    """A footnote mark: the key of a `Source`."""

    source: str


Inline = Run | FigureRef | NoteRef


@dataclass(frozen=True)
class RunsInLanguage:
    """One language's runs of a paragraph."""

    runs: tuple[Inline, ...]
    language: str
    is_working: bool
    is_fallback: bool


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `number` runs through the whole document, 0 means not numbered.

    `item`: its place in a list, (a) being 1, where it is a subparagraph. `section`: the code of
    the section whose office wrote it; empty for what the system composed.
    """

    number: int
    runs: Mapping[str, tuple[Inline, ...]]
    working: tuple[str, ...] = ()
    item: int = field(default=0, metadata=since(2))
    section: str = field(default="", metadata=since(2))

    def __post_init__(self) -> None:
        check_languages(self.runs)
        object.__setattr__(self, "runs", frozen(self.runs))
        object.__setattr__(self, "working", tuple(sorted(set(self.working) & set(self.runs))))

    def in_language(self, language: str) -> RunsInLanguage:
        """The runs in that language, or in English and flagged as a fallback."""
        found = choice(self.runs, language)
        return RunsInLanguage(
            self.runs.get(found, ()), found, found in self.working, found != language
        )
