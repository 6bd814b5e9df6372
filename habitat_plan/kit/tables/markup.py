"""XML as it comes, without document types, entities or anything fetched."""

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from habitat_plan.kit.tables.archive import broken
from habitat_plan.kit.tables.limits import MEGABYTE, Limits, too_many_cells

Attributes = Mapping[str, str]
Start = Callable[[Attributes], None]
End = Callable[[], None]
Text = Callable[[str], None]

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The two names of the namespace of sheets: transitional and strict."""
RELATIONSHIP_ID = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
PACKAGE = ("http://schemas.openxmlformats.org/package/2006/relationships",)


ELEMENTS_OF_A_CELL = 4
"""A cell, its value or text, and its part of the row."""

_ENCODINGS = frozenset(("utf-8", "utf-16", "us-ascii", "iso-8859-1"))

DEEPEST = 100
"""Elements within elements; sheets have ten."""

LONGEST_WITHOUT_ELEMENT = 8 * MEGABYTE
"""One text, comment or attribute that the parser would have to hold."""


def _known_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    """Parts are in UTF-8 or UTF-16; for any other name the parser would ask the interpreter."""
    if encoding and encoding.lower() not in _ENCODINGS:
        raise broken()


def _no_document_type(*_arguments: object) -> None:
    """Without a document type there are no entities, neither outside nor multiplying."""
    raise broken()


class Markup:
    """Calls what listens to the elements of some namespaces, by local name.

    Elements of other namespaces are passed over. Attributes have the names that expat gives them:
    plain, or "namespace name".
    """

    def __init__(
        self,
        namespaces: Iterable[str],
        limits: Limits,
        *,
        starts: Mapping[str, Start],
        ends: Mapping[str, End] | None = None,
        text: Text | None = None,
    ) -> None:
        spaces = tuple(namespaces)
        self.quiet = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.XmlDeclHandler = _known_encoding
        self.parser.StartDoctypeDeclHandler = _no_document_type
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.CharacterDataHandler = text
        self._listen(
            {f"{space} {name}": call for space in spaces for name, call in starts.items()},
            {f"{space} {name}": call for space in spaces for name, call in (ends or {}).items()},
            limits.cells,
        )

    def _listen(self, starts: Mapping[str, Start], ends: Mapping[str, End], cells: int) -> None:
        """Count elements and their depth, since the parser itself takes any number."""
        depth = elements = 0
        most = cells * ELEMENTS_OF_A_CELL

        def started(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, elements
            depth += 1
            elements += 1
            self.quiet = 0
            if depth > DEEPEST:
                raise broken()
            if elements > most:
                raise too_many_cells(cells)
            if call := starts.get(name):
                call(attributes)

        def ended(name: str) -> None:
            nonlocal depth
            depth -= 1
            if call := ends.get(name):
                call()

        self.parser.StartElementHandler = started
        self.parser.EndElementHandler = ended

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Parse a piece. Raises TableRefused if it is not well formed, too deep or too long."""
        self.quiet += len(piece)
        if self.quiet > LONGEST_WITHOUT_ELEMENT:
            raise broken()
        try:
            self.parser.Parse(piece, last)
        except expat.ExpatError as found:
            raise broken() from found

    def read(self, pieces: Iterable[bytes]) -> None:
        """Parse the whole of a part."""
        for piece in pieces:
            self.feed(piece)
        self.feed(b"", last=True)


def relationships(pieces: Iterable[bytes], limits: Limits) -> dict[str, tuple[str, str]]:
    """Id → (last word of the type, target) of what a part refers to within the archive."""
    found: dict[str, tuple[str, str]] = {}

    def relationship(attributes: Attributes) -> None:
        if attributes.get("TargetMode", "") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    Markup(PACKAGE, limits, starts={"Relationship": relationship}).read(pieces)
    return found
