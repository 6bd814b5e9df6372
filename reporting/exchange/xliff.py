"""A hand-off as XLIFF 2.0 (OASIS Standard, 2014), which translation programs read.

One `<file>` is a section, one `<unit>` a passage. Bound figures and marks of footnotes are `<ph>`,
which a program moves and never lets anybody type; emphasis is `<pc>`. The skeleton holds the
source as it was, so that a return is understood when the source has gone on.
"""

from collections import Counter
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from reporting.exchange.handoff import HandedPassage, HandedSection, HandOff, digest_of, sane
from reporting.exchange.passages import grouped, numbers_in
from reporting.exchange.place import Place
from reporting.rules.markup import Emphasis, Footnote, Inline, Words

CORE = "urn:oasis:names:tc:xliff:document:2.0"
SUBTYPES: Mapping[Emphasis, str] = {"italic": "xlf:i", "bold": "xlf:b"}


def write_xliff(handed: HandOff) -> bytes:
    """The file. Its bytes depend on the hand-off alone."""
    root = Element(
        "xliff",
        {"xmlns": CORE, "version": "2.0", "srcLang": handed.source, "trgLang": handed.target},
    )
    for section in handed.sections:
        _file(root, handed, section)
    content: bytes = tostring(root, "utf-8", xml_declaration=True)
    return content


def _file(root: Element, handed: HandOff, section: HandedSection) -> None:
    place = Place(handed.report, section.code, section.revision, digest_of(section.body))
    file = SubElement(
        root,
        "file",
        {
            "id": section.code,
            "original": str(place),
            "canResegment": "no",
            "srcDir": _direction(handed.source),
            "trgDir": _direction(handed.target),
            "xml:space": "preserve",
        },
    )
    SubElement(file, "skeleton").text = sane(section.body)
    said = [
        ("report", handed.title),
        ("section", section.title),
        ("prompt", section.prompt),
        ("word-limit", str(section.words) if section.words else ""),
        ("source-revision", str(section.revision)),
    ]
    _notes(file, said)
    for passage in section.passages:
        _unit(file, handed, passage)


def _notes(parent: Element, said: list[tuple[str, str]]) -> None:
    kept = [(category, text) for category, text in said if text]
    if kept:
        notes = SubElement(parent, "notes")
        for category, text in kept:
            SubElement(notes, "note", {"category": category}).text = text


def _unit(file: Element, handed: HandOff, passage: HandedPassage) -> None:
    source = passage.source
    unit = SubElement(file, "unit", {"id": source.key, "name": source.kind, "canResegment": "no"})
    terms = [("term", f"{term} = {target}") for term, target in passage.terms]
    _notes(unit, [("instruction", passage.note), *terms])
    if source.holes:
        data = SubElement(unit, "originalData")
        for number, hole in enumerate(source.holes, 1):
            SubElement(data, "data", {"id": f"d{number}"}).text = _raw(hole)
    is_done = passage.target is not None and passage.is_current
    segment = SubElement(unit, "segment", {"state": "translated" if is_done else "initial"})
    numbers = {str(place): place for place in range(1, len(source.holes) + 1)}
    _content(SubElement(segment, "source"), source.inlines, handed, list(numbers.values()))
    if passage.target is not None:
        target = SubElement(segment, "target")
        _content(target, passage.target, handed, numbers_in(source.holes, passage.target))


def _content(
    parent: Element, inlines: tuple[Inline, ...], handed: HandOff, numbers: list[int]
) -> None:
    """Words, placeholders and emphasis in mixed content."""
    order = iter(numbers)
    counted: Counter[Emphasis] = Counter()
    for emphasis, group in grouped(inlines):
        into = parent
        if emphasis:
            counted[emphasis] += 1
            name = f"{emphasis[0]}{counted[emphasis]}"
            code = {"id": name, "type": "fmt", "subType": SUBTYPES[emphasis]}
            into = SubElement(parent, "pc", code)
        for one in group:
            if isinstance(one, Words):
                _say(into, one.text)
            elif number := next(order):
                shown = {"equiv": handed.face(one), "disp": handed.face(one)}
                data = {"id": str(number), "dataRef": f"d{number}", "canDelete": "no"}
                SubElement(into, "ph", data | shown)


def _say(parent: Element, text: str) -> None:
    """Adds words after what the element holds already."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _raw(hole: Inline) -> str:
    if isinstance(hole, Footnote):
        return f"[^{hole.key}]"
    return "" if isinstance(hole, Words) else f"[[{hole.reference}]]"


def _direction(language: str) -> str:
    return "rtl" if language == "ar" else "ltr"
