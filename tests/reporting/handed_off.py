"""A hand-off for the tests of files: a section with everything a narrative can hold."""

from collections.abc import Callable, Mapping

from reporting.exchange import HandedPassage, HandedSection, HandOff, passages_of
from reporting.exchange.memory import aligned
from reporting.rules.markup import Words, parse

BODY = """### What changed

In the biennium [[FA2.1@2016-2017:actual|authority|authorities]] *adopted* a plan, against a
target of [[FA2.1@2016-2017:target]].[^1]

- Cities **grew** in [[FA2.1@2016-2017:actual]] countries
- Rents did not

Nothing else is known.

[^1]: Reported by the regional offices."""
SHOWN = {"FA2.1@2016-2017:actual": "86", "FA2.1@2016-2017:target": "90"}
ARABIC = """### ما الذي تغير

اعتمدت [[FA2.1@2016-2017:actual|سلطة|سلطة|سلطتان|سلطات|سلطة|سلطة]] خطة، مقابل هدف قدره
[[FA2.1@2016-2017:target]].[^1]

- نمت المدن **نموا** في [[FA2.1@2016-2017:actual]] بلدا
- لم ترتفع الإيجارات

لا يعرف غير ذلك.

[^1]: أفادت به المكاتب الإقليمية."""


def handed_off(
    body: str = BODY, translation: str = "", *, target: str = "ar", is_current: bool = True
) -> HandOff:
    """The body as the section `highlights` on its way out of English."""
    source = parse(body)
    kept = aligned(source, parse(translation)) if translation else {}
    passages = tuple(
        HandedPassage(one, kept.get(one.key), is_current and one.key in kept)
        for one in passages_of(source)
    )
    section = HandedSection(
        code="highlights",
        title="Highlights of the biennium",
        revision=3,
        body=body,
        passages=passages,
        prompt="Three to five results.",
        words=400,
    )
    return HandOff(
        report="biennial-progress-2016-2017",
        title="Progress in 2016–2017",
        source="en",
        target=target,
        sections=(section,),
        shown=SHOWN,
    )


def shown(body: str) -> list[tuple[object, ...]]:
    """What a text says, however it was typed: passages, each letter with its emphasis."""
    return [
        (one.key, one.kind, one.item, one.note, tuple(letters(one.inlines)))
        for one in passages_of(parse(body))
    ]


def letters(inlines: tuple[object, ...]) -> list[object]:
    """Letters with their emphasis, and figures; spaces have none, and none stand at the ends."""
    found: list[object] = []
    for one in inlines:
        if isinstance(one, Words):
            found += [(c, "" if c.isspace() else one.emphasis) for c in one.text]
        else:
            found.append(one)
    while found and found[0] == (" ", ""):
        found.pop(0)
    while found and found[-1] == (" ", ""):
        found.pop()
    return found


Writer = Callable[[HandOff], bytes]
Writers = Mapping[str, Writer]
