"""How a file names the source of a section: `biennial-progress-2016-2017/highlights/3/0f3a…`."""

import re
from dataclasses import dataclass

_PLACE = re.compile(
    r"(?P<report>[-a-zA-Z0-9_]{1,50})/(?P<code>[-A-Za-z0-9_.]{1,60})"
    r"/(?P<revision>\d{1,9})/(?P<digest>[0-9a-f]{16})"
)


@dataclass(frozen=True)
class Place:
    """Report, section, revision and fingerprint of a source."""

    report: str
    code: str
    revision: int
    digest: str

    def __str__(self) -> str:
        return f"{self.report}/{self.code}/{self.revision}/{self.digest}"


def read_place(text: str) -> Place | None:
    """The place that a text names anywhere in it; None if it names none."""
    found = _PLACE.search(text)
    if found is None:
        return None
    return Place(found["report"], found["code"], int(found["revision"]), found["digest"])
