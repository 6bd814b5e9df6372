"""Where each block stands on a page: the anchors that links and questions lead to."""

from collections.abc import Iterator, Mapping

from reporting.document import Block, Chart, Document, Paragraph, Table, blocks_of, figures_of


def placed_blocks(document: Document) -> Iterator[tuple[Block, str]]:
    """Every block in printed order with its anchor; headings and annexes have none here.

    Paragraph 12 stands at `p12`, what follows it without a number at `p12-1`, `p12-2`; the
    paragraphs of the summary stand at `p0-1` and so on. Tables are `table-1`, charts `figure-1`.
    """
    number, after = 0, 0
    for block in blocks_of(document):
        anchor = ""
        if isinstance(block, Paragraph):
            number, after = (block.number, 0) if block.number else (number, after + 1)
            anchor = f"p{number}-{after}" if after else f"p{number}"
        elif isinstance(block, Table):
            anchor = f"table-{block.number}"
        elif isinstance(block, Chart):
            anchor = f"figure-{block.number}"
        yield block, anchor


def first_places(document: Document) -> Mapping[str, str]:
    """Each printed figure's key, with the anchor of the block that prints it first."""
    found: dict[str, str] = {}
    for block, anchor in placed_blocks(document):
        for key in figures_of(document, block=block):
            found.setdefault(key, anchor)
    return found
