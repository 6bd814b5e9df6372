"""Due dates as an iCalendar file (RFC 5545): one all-day entry for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from unicodedata import category

MAKER = "-//Results 2014-2019//Calendar of reports//EN"
LINE = 75


@dataclass(frozen=True)
class Entry:
    """A day with what is due on it. `identity` names it for good: a moved date replaces the old."""

    identity: str
    day: date
    title: str
    text: str = ""
    url: str = ""


def escaped(text: str) -> str:
    """A text as a value: backslash, semicolon, comma and line break are written out.

    Other control characters have no place in a calendar and are left out.
    """
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, written)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join("".join(one for one in line if category(one) != "Cc") for line in lines)


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, each further piece after a space, no letter cut."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])


def calendar_file(entries: Iterable[Entry], *, name: str, at: datetime) -> bytes:
    """The whole file. `at` is the moment it was made."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{MAKER}",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for entry in entries:
        lines += _entry(entry, stamp)
    lines.append("END:VCALENDAR")
    return ("\r\n".join(folded(line) for line in lines) + "\r\n").encode()


def _entry(entry: Entry, stamp: str) -> list[str]:
    day_after = entry.day + timedelta(days=1)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.identity)}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day_after:%Y%m%d}",
        f"SUMMARY:{escaped(entry.title)}",
    ]
    if entry.text:
        lines.append(f"DESCRIPTION:{escaped(entry.text)}")
    if entry.url:
        lines.append(f"URL:{entry.url}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]
