"""Every address that answers a GET, with all samples of what can stand in it, and what it answers.

The addresses are made from the resolver: a new route is in it by itself. A new kind of thing in an
address (`<slug:evaluation>`) needs samples here, and a test says so.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drafts import LANGUAGES, NUMBER, WORD, Drafts
from routes import read_out

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    "habitat_plan", "organization", "focus_areas", "indicators", "evaluations", "reporting", "jobs",
)  # fmt: skip
NEVER = "biennial-progress-2811-2899"
CODES = (
    "FA2.1", "FA7.1", "EA3.a.1", "SR.a", "MK.1", "LS3.1", "FA2", "SR.result", "R3", "2017", "2018",
    "2016-2017", "ZZ9.9",
)  # fmt: skip
EVALUATION_CODES = ("2-2017", "2-2017-1", "3-2016-2", "1-2099", "x")
SAMPLES: Mapping[str, Sequence[str]] = {
    "code": CODES,
    "indicator": ("FA2.1", "EA3.a.1", "ZZ9.9"),
    "office": ("ROAP", "URCDB", "QAU", "MISSION", "ZZ9"),
    "period": ("2017", "2018", "2016-2017", "2099"),
    "language": (*LANGUAGES, "xx"),
    "format": ("pdf", "docx", "xlsx", "csv", "json", "html", "exe"),
    "kind": ("targets", "authorities", "achievements", "indicators", WORD),
    "section": ("highlights", "FA2", f"draft_{WORD}"),
    "revision": ("1", "2", "999"),
    "key": ("fr", WORD, "0" * 32),
    "biennium": ("2018-2019", "2016-2017", "2017", "2099"),
    "name": ("facts", "scope", "finding", "publish", WORD),
    "which": ("1", "relevance", WORD),
    "step": ("report", "verify", WORD),
    "symbol": ("HSP/GC/26/5", "hsp/gc/26/5", WORD, f"{WORD}/Add.1", "HSP/GC/99/9"),
}
"""Name of what stands in an address → what to try. `slug` and `number` come from the drafts."""
QUERIES: Mapping[str, Sequence[str]] = {
    "period": ("2017", "2018", "2016-2017", "mid-term", "2099"),
    "level": ("focus_area", "plan", "support"),
    "by": ("office", "region"),
    "q": (WORD[:6], WORD, str(NUMBER), "Alba"),
    "show": ("all", "open", "todo"),
    "part": ("panel",),
    "page": ("1", "2", "99"),
    "paragraph": ("1", "2", "999"),
    "with": (NEVER,),
    "code": ("FA2.1",),
    "office": ("ROAP", "URCDB"),
    "indicator": ("FA2.1",),
    "year": ("2017", "2018"),
    "kind": ("figures",),
    "body": ("committee", "governing_council"),
    "language": ("fr", "xx"),
    "all": ("1",),
    "settled": ("",),
    "format": ("json",),
    "audience": ("committee",),
    "from": ("en", "xx"),
    "in": ("fr", "xx"),
    "next": (f"/en/reports/{NEVER}/",),
    "section": ("highlights",),
    "version": ("1",),
    "on": ("2018-02-02", "2099-01-01"),
    "biennium": ("2018-2019", "2099"),
    "state": ("open", "to_verify", "awaiting", "planned", WORD),
    "evaluation": ("2-2017", "900-2018", WORD),
    "focus_area": ("FA3", WORD),
    "country": ("XAA", WORD),
    "tag": (WORD,),
    "words": (WORD,),
}
"""Names of query strings that some page reads → what to try."""
READ_NAME = re.compile(r"""(?:\.GET|query_params)\.get(?:list)?\(\s*["'](\w+)["']""")
# New with each answer, by name: the tokens against forged requests.
TOKENS = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"')
CANARY = re.compile(
    WORD.encode() + rb"|" + rb"[^0-9]{0,6}".join((b"987", b"654", b"321")), re.IGNORECASE
)
MASKED_HEADERS = {"set-cookie"}
"""They carry the token and the session; everything else is compared."""


@dataclass(frozen=True)
class Answer:
    """What came: status, headers and body without tokens (compressed), and whether a canary sang."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sings: bool

    @property
    def text(self) -> bytes:
        """The body."""
        return zlib.decompress(self.body)


def query_names() -> set[str]:
    """The names of query strings that the code reads."""
    texts = (path.read_text() for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return {name for text in texts for name in READ_NAME.findall(text)}


def patterns() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every route: its name, its address with names of things in angle brackets, the converters."""

    def walk(
        found: list[Any], before: str, space: str, kinds: dict[str, Any]
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for one in found:
            path = before + str(one.pattern)
            own = kinds | one.pattern.converters
            if isinstance(one, URLResolver):
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from walk(one.url_patterns, path, inner, own)
            elif isinstance(one, URLPattern):
                yield space + (one.name or path), path, own

    yield from walk(get_resolver().url_patterns, "", "", {})


def some_of(things: Sequence[Any], most: int) -> Sequence[Any]:
    """At most so many of them, from the first to near the last."""
    return things[:: max(1, -(-len(things) // most))]


def samples(drafts: Drafts, issued: Sequence[str]) -> dict[str, Sequence[str]]:
    """What to try for each name: issued, in work, and never there."""
    some = [*some_of(drafts.numbers, 40), *drafts.numbers[-8:]]
    return {
        **SAMPLES,
        "code": (*CODES, *EVALUATION_CODES, *drafts.codes),
        "slug": (*issued, *drafts.slugs, NEVER),
        "number": tuple(str(one) for one in dict.fromkeys((1, 2, 3, *some, 98765432))),
    }


def addresses(
    drafts: Drafts, issued: Sequence[str], *, most: int, language: str = "en", seed: int = 4
) -> list[str]:
    """The addresses of all routes without query strings; at most so many of each route."""
    dice = Random(seed)  # noqa: S311 (a drill that can be repeated)
    known = samples(drafts, issued)
    found: list[str] = []
    for _name, pattern, kinds in patterns():
        path = re.sub(r"^(ar|zh|en|fr|ru|es)/", f"{language}/", pattern)
        if path == pattern and language != "en" and not pattern.startswith(f"{language}/"):
            continue
        choices = list(product(*(known[kind] for kind in kinds)))
        if len(choices) > most:
            choices = dice.sample(choices, most)
        for chosen in choices:
            filled = iter(chosen)
            found.append("/" + re.sub(r"<[^>]+>", lambda _one: next(filled), path))
    return list(dict.fromkeys(found))


def groups(drafts: Drafts, issued: Sequence[str]) -> dict[str, tuple[Sequence[str], ...]]:
    """What to try for each name: what is out, what is in work, and what never was there.

    One group for what no draft stands behind.
    """
    numbers = [str(one) for one in (*some_of(drafts.numbers, 24), *drafts.numbers[-8:])]
    return {
        **{name: (values,) for name, values in SAMPLES.items()},
        "code": ((*CODES, *EVALUATION_CODES), drafts.codes, ("ZZ9.9", "1-2099")),
        "slug": (issued, drafts.slugs, (NEVER,)),
        "number": (("1", "2", "3"), list(dict.fromkeys(numbers)), ("98765432",)),
    }


def in_turn(values: Sequence[str], dice: Random) -> Iterator[str]:
    """Without end: every value before one comes again, each time in another order."""
    while True:
        yield from dice.sample(values, len(values))


OUT, IN_WORK, NEVER_THERE = range(3)
STEPS = (OUT, IN_WORK, NEVER_THERE, IN_WORK)


def covering(drafts: Drafts, issued: Sequence[str], *, seed: int = 4) -> list[str]:
    """Every route with something that is out, twice with a draft, and with what never was there.

    Over all routes every sample stands in some address. Each route comes in English, and once in
    one of the other languages.
    """
    dice = Random(seed)  # noqa: S311 (a drill that can be repeated)
    turns = {
        kind: [in_turn(group, dice) for group in found]
        for kind, found in groups(drafts, issued).items()
    }
    others = in_turn([one for one in LANGUAGES if one != "en"], dice)
    found: list[str] = []

    def fill(pattern: str, kinds: Mapping[str, Any], step: int) -> str:
        values = iter([next(turns[kind][step if len(turns[kind]) > 1 else 0]) for kind in kinds])
        return "/" + re.sub(r"<[^>]+>", lambda _one: next(values), pattern)

    for number, (_name, pattern, kinds) in enumerate(patterns()):
        found += [fill(pattern, kinds, step) for step in (STEPS if kinds else STEPS[:1])]
        if pattern.startswith("en/"):
            elsewhere = f"{next(others)}/{pattern.removeprefix('en/')}"
            found.append(fill(elsewhere, kinds, STEPS[number % len(STEPS)]))
    return list(dict.fromkeys(found))


def with_slug(path: str, slug: str) -> str:
    """The address of a route for this slug, with the first sample of everything else."""

    def sample(found: re.Match[str]) -> str:
        name = found[1].rpartition(":")[2]
        return slug if name == "slug" else SAMPLES.get(name, ("1",))[0]

    return "/" + re.sub(r"<([^>]+)>", sample, path)


def with_queries(paths: Sequence[str]) -> list[str]:
    """Each of the paths with each query string."""
    return [
        f"{path}?{name}={value}" for path in paths for name, values in QUERIES.items()
        for value in values
    ]  # fmt: skip


def with_each_query(paths: Sequence[str], *, seed: int = 4) -> list[str]:
    """Every query string once, on the pages by turns, and a search for a draft on every list."""
    pages = in_turn(paths, Random(seed))  # noqa: S311 (a drill that can be repeated)
    each = [
        f"{next(pages)}?{name}={value}" for name, values in QUERIES.items() for value in values
    ]
    lists = {f"/{pattern}" for _name, pattern, kinds in patterns() if not kinds} & set(paths)
    return [*each, *(f"{path}?q={WORD[:6]}" for path in sorted(lists))]


def guesses(drafts: Drafts, *, most: int) -> list[str]:
    """Where somebody might look for the files of drafts: by name, number and hash."""
    found = []
    for slug in some_of(drafts.slugs, most):
        found += [
            f"/en/reports/{slug}.pdf",
            f"/files/{slug}.en.pdf",
            f"/en/reports/{slug}-2/en.pdf",
        ]
    for sha in some_of(drafts.hashes, most):
        for format in ("pdf", "xlsx", "json"):
            name = f"renderings/{sha[:2]}/{sha}.{format}"
            found += [f"/{name}", f"/files/{name}", f"/media/{name}", f"/static/{name}",
                      f"/static/../files/{name}", f"/static/%2e%2e/files/{name}"]  # fmt: skip
        found += [f"/en/reports/{sha}/en.pdf", f"/en/symbols/{sha}", f"/api/v1/reports/{sha}/"]
    for number in some_of(drafts.numbers, most):
        found += [
            f"/en/reports/{number}/",
            f"/en/reports/{number}/en.pdf",
            f"/api/v1/reports/{number}/",
        ]
    return found


def unpacked(body: bytes) -> bytes:
    """What an archive holds, without the hour at which each part was packed; other bodies as is."""
    if not body.startswith(b"PK\3\4"):
        return body
    with ZipFile(BytesIO(body)) as archive:
        parts = [(one.filename, one.compress_type, archive.read(one)) for one in archive.infolist()]
    return b"".join(f"\n{name} {how}\n".encode() + content for name, how, content in parts)


def answer_of(response: Any) -> Answer:
    """What is compared of an answer."""
    body = TOKENS.sub(b"", unpacked(read_out(response).getvalue()))
    headers = tuple(
        sorted((n, v) for n, v in response.headers.items() if n.lower() not in MASKED_HEADERS)
    )
    said = body + repr(headers).encode()
    return Answer(response.status_code, headers, zlib.compress(body, 1), bool(CANARY.search(said)))


def record(
    client: Client, paths: Sequence[str], method: str = "get", **headers: str
) -> dict[str, Answer]:
    """Address → its answer. What an address itself says is no news: it is taken out of the body."""
    return {path: _asked(client, path, method, headers) for path in paths}


def _asked(client: Client, path: str, method: str, headers: Mapping[str, str]) -> Answer:
    return answer_of(getattr(client, method)(path, headers=dict(headers)))
