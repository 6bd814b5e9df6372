"""XML as it comes, without document types, entities or anything fetched."""

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from habitat_plan.kit.tables.archive import broken
from habitat_plan.kit.tables.limits import MEGABYTE

Attributes = Mapping[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]
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


DEEPEST = 100
"""Elements within elements; sheets have ten."""

LONGEST_WITHOUT_ELEMENT = 8 * MEGABYTE
"""One text, comment or attribute that the parser would have to hold."""


def _no_document_type(*_arguments: object) -> None:
    """Without a document type there are no entities, neither outside nor multiplying."""
    raise broken()


class Markup:
    """Calls `start`, `end` and `text` for the elements of some namespaces, by local name.

    Elements of other namespaces are passed over. Attributes have the names that expat gives them:
    plain, or "namespace name".
    """

    def __init__(self, namespaces: Iterable[str], names: Iterable[str]) -> None:
        self.names = {f"{space} {name}": name for space in namespaces for name in names}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.quiet = 0
        self.parser.StartDoctypeDeclHandler = _no_document_type
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def on(self, start: Start, end: End | None = None, text: Text | None = None) -> None:
        """What to call for each element and text."""
        names = self.names
        depth = 0

        def started(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self.quiet = 0
            if depth > DEEPEST:
                raise broken()
            if local := names.get(name):
                start(local, attributes)

        def ended(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end and (local := names.get(name)):
                end(local)

        self.parser.StartElementHandler = started
        self.parser.EndElementHandler = ended
        self.parser.CharacterDataHandler = text

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


def relationships(pieces: Iterable[bytes]) -> dict[str, tuple[str, str]]:
    """Id → (last word of the type, target) of what a part refers to within the archive."""
    found: dict[str, tuple[str, str]] = {}

    def start(_name: str, attributes: Attributes) -> None:
        if attributes.get("TargetMode", "") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    markup = Markup(PACKAGE, ["Relationship"])
    markup.on(start)
    markup.read(pieces)
    return found
