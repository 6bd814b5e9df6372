"""What a translator's XLIFF holds: 2.0 as it was handed off, or 1.2 as some programs return it."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from habitat_plan.kit.errors import RuleBroken
from reporting.exchange.handoff import Hole, Piece, ReturnedSection, joined
from reporting.exchange.place import Place, read_place
from reporting.exchange.refusing import refused
from reporting.exchange.xliff import CORE
from reporting.rules.markup import Emphasis, Words

OLD = "urn:oasis:names:tc:xliff:document:1.2"
_EMPHASIS: dict[str, Emphasis] = {"xlf:i": "italic", "xlf:b": "bold", "italic": "italic",
                                  "bold": "bold"}  # fmt: skip
_BY_NAME: dict[str, Emphasis] = {"i": "italic", "b": "bold"}
_SPANS = {"pc", "g"}
_SEEN_THROUGH = {"mrk", "sub"}
_HOLES = {"ph", "x"}
_EMPTY = {"sm", "em", "sc", "ec", "bx", "ex", "bpt", "ept", "it"}

Read = tuple[tuple[str, str], list[tuple[Place, ReturnedSection]]]


def read_xliff(root: Element) -> Read:
    """Languages and sections. Raises RuleBroken `file_other_xml`, `file_code`."""
    if root.tag == f"{{{CORE}}}xliff":
        languages = (root.get("srcLang", ""), root.get("trgLang", ""))
        files = root.findall(f"{{{CORE}}}file")
        return _plain(languages), [found for one in files if (found := _section(one))]
    if root.tag == f"{{{OLD}}}xliff":
        files = root.findall(f"{{{OLD}}}file")
        first = files[0] if files else Element("file")
        languages = (first.get("source-language", ""), first.get("target-language", ""))
        return _plain(languages), [found for one in files if (found := _old_section(one))]
    raise refused("file_other_xml")


def _plain(languages: tuple[str, str]) -> tuple[str, str]:
    """`ar-EG` is Arabic."""
    source, target = (one.strip().lower().partition("-")[0] for one in languages)
    return source, target


def _section(file: Element) -> tuple[Place, ReturnedSection] | None:
    place = read_place(file.get("original", ""))
    if place is None:
        return None
    targets = {}
    for unit in file.iter(f"{{{CORE}}}unit"):
        parts = [one for one in unit if one.tag in {f"{{{CORE}}}segment", f"{{{CORE}}}ignorable"}]
        found = [_target(part, CORE) for part in parts]
        segments = [
            pieces
            for part, pieces in zip(parts, found, strict=True)
            if part.tag == f"{{{CORE}}}segment"
        ]
        if segments and all(segments):
            targets[unit.get("id", "")] = joined([piece for one in found for piece in one])
    skeleton = file.find(f"{{{CORE}}}skeleton")
    body = "" if skeleton is None else skeleton.text or ""
    return place, ReturnedSection(place.code, place.revision, place.digest, targets, body)


def _old_section(file: Element) -> tuple[Place, ReturnedSection] | None:
    place = read_place(file.get("original", ""))
    if place is None:
        return None
    targets = {
        unit.get("id", ""): pieces
        for unit in file.iter(f"{{{OLD}}}trans-unit")
        if (pieces := _target(unit, OLD))
    }
    skeleton = file.find(f"{{{OLD}}}header/{{{OLD}}}skl/{{{OLD}}}internal-file")
    body = "" if skeleton is None else skeleton.text or ""
    return place, ReturnedSection(place.code, place.revision, place.digest, targets, body)


def _target(part: Element, space: str) -> tuple[Piece, ...]:
    """The pieces of a target; none if it holds nothing but spaces."""
    target = part.find(f"{{{space}}}target")
    if target is None:
        return ()
    pieces = joined(list(_pieces(target, space, "")))
    is_empty = all(isinstance(piece, Words) and not piece.text.strip() for piece in pieces)
    is_between = part.tag == f"{{{space}}}ignorable"
    return () if is_empty and not is_between else pieces


def _pieces(parent: Element, space: str, emphasis: Emphasis) -> Iterator[Piece]:
    """Words and holes of mixed content. Raises RuleBroken `file_code` for what has no place there.

    The depth is bounded by the parser.
    """
    yield Words(parent.text or "", emphasis)
    for child in parent:
        name = child.tag.removeprefix(f"{{{space}}}")
        if name in _SPANS:
            yield from _pieces(child, space, _emphasis(child) or emphasis)
        elif name in _SEEN_THROUGH:
            yield from _pieces(child, space, emphasis)
        elif name in _HOLES:
            yield Hole(_number(child), emphasis)
        elif name == "cp":
            # A character that XML cannot hold; no narrative holds it either.
            yield Words(" ", emphasis)
        elif name not in _EMPTY:
            raise _foreign(child)
        yield Words(child.tail or "", emphasis)


def _emphasis(span: Element) -> Emphasis:
    said = span.get("subType") or span.get("ctype") or ""
    return _EMPHASIS.get(said) or _BY_NAME.get(span.get("id", "")[:1], "")


def _number(hole: Element) -> int:
    """The number of a hole; 0, which no passage has, for one that a program made up."""
    said = hole.get("copyOf") or hole.get("id") or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0  # noqa: PLR2004 - digits


def _foreign(child: Element) -> RuleBroken:
    broken = refused("file_code")
    name = child.tag.rpartition("}")[2][:40]
    return RuleBroken(broken.code, str(broken.message) % {"element": name}, "file")
