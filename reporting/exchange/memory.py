"""What of an existing translation still serves, passage by passage."""

from collections.abc import Iterator, Mapping

from reporting.exchange.passages import BETWEEN_FORMS, SourcePassage, passages_of, same
from reporting.rules.markup import Binding, Inline, Narrative, Words

Kept = Mapping[str, tuple[Inline, ...]]


def aligned(source: Narrative, target: Narrative) -> Kept:
    """Key of a passage of the source → what stands for it in the target.

    Nothing unless both have passages of the same kinds in the same order.
    """
    ours, theirs = passages_of(source), passages_of(target)
    shape = [(one.kind, one.note) for one in ours if one.kind != "forms"]
    if shape != [(one.kind, one.note) for one in theirs if one.kind != "forms"]:
        return {}
    pairs = zip(
        (one for one in ours if one.kind != "forms"),
        (one for one in theirs if one.kind != "forms"),
        strict=True,
    )
    return {key: inlines for left, right in pairs for key, inlines in _kept(left, right)}


def _kept(
    left: SourcePassage, right: SourcePassage
) -> Iterator[tuple[str, tuple[Inline, ...]]]:
    yield left.key, right.inlines
    theirs = list(right.holes)
    for place, hole in enumerate(left.holes, 1):
        match = next((one for one in theirs if same(one) == same(hole)), None)
        if match is not None:
            theirs.remove(match)
        if isinstance(match, Binding) and match.forms:
            yield f"{left.key}.{place}", (Words(BETWEEN_FORMS.join(match.forms)),)


def carried(now: Narrative, before: Narrative, target: Narrative) -> Kept:
    """Key of a passage of the source now → its translation, if its words have stayed the same.

    `target` translates `before`. A passage that moved is found where it stands now.
    """
    old = aligned(before, target)
    memory = {
        (one.kind, one.inlines): old[one.key] for one in passages_of(before) if one.key in old
    }
    return {
        one.key: memory[one.kind, one.inlines]
        for one in passages_of(now)
        if (one.kind, one.inlines) in memory
    }
