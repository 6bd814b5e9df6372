"""References of figures as a writer types them: `FA2.1@2016-2017:actual`, `FA2.1@2017/ROAF:actual`.

A reference names the indicator, the period, the office if it is not the agency's total, and what of
it: the actual value, the baseline, the target for the period's last year (as it is now, or as it
was first set), the change since the baseline, the progress towards the plan's last target or the
progress that was expected. In a text it stands in double square brackets: `[[FA2.1@2017:actual]]`.
"""

import re
from dataclasses import dataclass

WHATS = ("actual", "baseline", "target", "first", "change", "progress", "expected")
OF_OFFICES = ("actual",)
"""What an office has of its own: baselines and targets are the agency's."""

_CODE = r"[A-Z]{2}[A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*"
_PERIOD = r"\d{4}(?:-\d{4})?|mid-term|final"
_OFFICE = r"[A-Z][A-Z0-9-]*"
_REFERENCE = re.compile(
    rf"(?P<code>{_CODE})@(?P<period>{_PERIOD})(?:/(?P<office>{_OFFICE}))?:(?P<what>[a-z]+)"
)


class BadReference(ValueError):
    """What was typed names no figure; the message says how a reference is written."""


@dataclass(frozen=True)
class Reference:
    """A figure named by indicator, period, office (empty: the agency's total) and what of it."""

    code: str
    period: str
    what: str
    office: str = ""

    def __str__(self) -> str:
        office = f"/{self.office}" if self.office else ""
        return f"{self.code}@{self.period}{office}:{self.what}"


def parse(typed: str) -> Reference:
    """The reference typed. Raises BadReference with an example of a right one."""
    found = _REFERENCE.fullmatch(typed.strip())
    if found is None:
        raise BadReference(f"{typed} is not a reference. Write it as FA2.1@2016-2017:actual.")
    reference = Reference(found["code"], found["period"], found["what"], found["office"] or "")
    if reference.what not in WHATS:
        raise BadReference(
            f"{typed}: {reference.what} is not known. Choose one of: {', '.join(WHATS)}."
        )
    if reference.office and reference.what not in OF_OFFICES:
        raise BadReference(
            f"{typed}: an office has only its own actual figure. Leave the office out for the "
            f"{reference.what} of the agency."
        )
    return reference
