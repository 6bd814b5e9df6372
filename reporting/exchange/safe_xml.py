"""XML from a stranger: no document types, nothing fetched, not too deep and not too much of it."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from habitat_plan.kit.errors import RuleBroken
from reporting.exchange.refusing import refused

DEEPEST = 200
MOST_ELEMENTS = 200_000


class _Builder(TreeBuilder):
    """Builds a tree and counts, since the parser itself takes any number and any depth."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise refused("file_too_much")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parse_xml(content: bytes) -> Element:
    """The root of the tree.

    Raises RuleBroken `file_document_type`, `file_too_much`, `file_damaged`.
    """
    parser = DefusedXMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as found:
        raise refused("file_document_type") from found
    except RuleBroken:
        raise
    except (ParseError, LookupError, ValueError) as found:
        raise refused("file_damaged") from found
    return root
