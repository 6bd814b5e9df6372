"""What a translator's DOCX holds. The tables are read as text; nothing of the file is run or shown.

Inserted words of tracked changes count and deleted ones do not, as if all had been accepted.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from habitat_plan.kit.archives import office_kind
from reporting.exchange.handoff import Piece, ReturnedSection, joined
from reporting.exchange.place import Place, read_place
from reporting.exchange.refusing import refused
from reporting.exchange.safe_xml import parse_xml
from reporting.exchange.tokens import pieces_of
from reporting.exchange.xliff_reading import Read
from reporting.rules.markup import Emphasis, Words

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
SOURCES = "urn:un-habitat:strategic-plan:translation"
_MAIN = "word/document.xml"
_PART_LIMIT = 20_000_000
_MOST_SOURCES = 20
_LANGUAGES = re.compile(r"\b(?P<source>[a-z]{2})\s*(?:→|->)\s*(?P<target>[a-z]{2})\b")
_SAID_AGAIN = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}rPr", f"{W}pPr", f"{W}instrText", _SAID_AGAIN}
_OFF = {"0", "false", "off"}
_COLUMNS = 3


def read_word(content: bytes) -> Read:
    """Languages and sections. Raises RuleBroken with the codes of `kit.refusals` and `refusing`."""
    if office_kind(content) != "docx":
        raise refused("file_not_translation")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if _MAIN not in names:
            raise refused("file_damaged")
        root = parse_xml(_part(archive, _MAIN))
        bodies = _bodies(archive, names)
    body = _in_one_namespace(root).find(f"{W}body")
    if body is None:
        raise refused("file_damaged")
    languages, found = ("", ""), []
    place: Place | None = None
    for block in _blocks(body):
        if block.tag == f"{W}p":
            said = _text(block)
            place = read_place(said) or place
            if languages == ("", "") and (named := _LANGUAGES.search(said)):
                languages = (named["source"], named["target"])
        elif place is not None:
            found.append((place, _section(block, place, bodies)))
            place = None
    return languages, found


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part, whose stated size was found true before."""
    if archive.getinfo(name).file_size > _PART_LIMIT:
        raise refused("file_too_much")
    return archive.read(name)


def _in_one_namespace(root: Element) -> Element:
    """The strict variant of the format has the same elements under another name."""
    if root.tag.startswith(STRICT):
        for one in root.iter():
            one.tag = one.tag.replace(STRICT, W)
            one.attrib = {key.replace(STRICT, W): value for key, value in one.attrib.items()}
    return root


def _bodies(archive: zipfile.ZipFile, names: list[str]) -> dict[str, str]:
    """Place → source, as the file carries it in a part that word processors hand on unseen."""
    parts = [name for name in names if re.fullmatch(r"customXml/item\d{1,3}\.xml", name)]
    for name in parts[:_MOST_SOURCES]:
        root = parse_xml(_part(archive, name))
        if root.tag == f"{{{SOURCES}}}sources":
            return {one.get("place", ""): one.text or "" for one in root}
    return {}


def _blocks(parent: Element) -> Iterator[Element]:
    """Paragraphs and tables in order, also those within content controls."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _blocks(child)


def _section(table: Element, place: Place, bodies: dict[str, str]) -> ReturnedSection:
    """A table: number, source, target. Rows without a number are heads, or somebody's remarks."""
    targets: dict[str, tuple[Piece, ...]] = {}
    for row in table.iter(f"{W}tr"):
        cells = list(row.iter(f"{W}tc"))
        if len(cells) < _COLUMNS:
            continue
        key = re.match(r"\s*(n?\d{1,4}(?:\.\d{1,3})?)\b", _text(cells[0]))
        pieces = _pieces(cells[2])
        is_empty = all(isinstance(one, Words) and not one.text.strip() for one in pieces)
        if key and not is_empty:
            targets[key[1]] = pieces
    return ReturnedSection(
        place.code, place.revision, place.digest, targets, bodies.get(str(place), "")
    )


def _text(element: Element) -> str:
    return "".join(text for text, _emphasis in _runs(element))


def _pieces(cell: Element) -> tuple[Piece, ...]:
    """The pieces of a cell. Tokens are found in its whole text: they may be cut into runs."""
    text, emphasis = "", []
    for words, stressed in _runs(cell):
        text += words
        emphasis += [stressed] * len(words)
    return joined(list(pieces_of(text, emphasis)))


def _runs(element: Element) -> Iterator[tuple[str, Emphasis]]:
    """The text of an element with its emphasis, paragraphs and breaks as ends of lines."""
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{W}r":
            stressed = _emphasis(child.find(f"{W}rPr"))
            for part in child:
                if text := _said(part):
                    yield text, stressed
        else:
            yield from _runs(child)
            if child.tag == f"{W}p":
                yield "\n", ""


def _said(part: Element) -> str:
    if part.tag == f"{W}t":
        return part.text or ""
    signs = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011"}
    return signs.get(part.tag, "")


def _emphasis(properties: Element | None) -> Emphasis:
    """That of the run itself; Arabic letters have switches of their own."""
    if properties is None:
        return ""
    if _is_on(properties, "b") or _is_on(properties, "bCs"):
        return "bold"
    return "italic" if _is_on(properties, "i") or _is_on(properties, "iCs") else ""


def _is_on(properties: Element, name: str) -> bool:
    found = properties.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val", "true") not in _OFF
