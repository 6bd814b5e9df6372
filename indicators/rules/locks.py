"""Why a figure cannot be entered now. A lock explains itself: who, since when, why, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from indicators.rules.workflow import State


@dataclass(frozen=True)
class Window:
    """When a period takes figures: opened and closed by quality assurance, due in between.

    After `due_on` an entry is late and still possible; from `closed_on` it is not.
    """

    opened_on: date | None
    due_on: date | None = None
    closed_on: date | None = None
    opened_by: str = ""
    closed_by: str = ""


@dataclass(frozen=True)
class Exemption:
    """Lets one office into a closed period, to the end of the day `until`, for a stated reason."""

    until: date
    reason: str = ""
    granted_by: str = ""


@dataclass(frozen=True)
class Lock:
    """What stops an entry. `who` is "" and `since` None where nobody did anything yet.

    | code | why | remedy |
    |---|---|---|
    | `not_opened` | `period_not_opened` | `ask_to_open` |
    | `closed` | `period_closed` or `exception_ended` | `ask_for_exception` |
    | `submitted` | `waits_for_approval` | `withdraw` |
    | `approved` | `figures_approved` | `ask_for_correction` |
    | `verified` | `figures_verified` | `ask_for_correction` |
    """

    code: str
    who: str
    since: date | None
    why: str
    remedy: str


STATE_LOCKS: Mapping[State, tuple[str, str]] = {
    State.SUBMITTED: ("waits_for_approval", "withdraw"),
    State.APPROVED: ("figures_approved", "ask_for_correction"),
    State.VERIFIED: ("figures_verified", "ask_for_correction"),
}


def lock(
    window: Window | None,
    exemption: Exemption | None,
    state: State | None,
    state_by: str = "",
    state_since: date | None = None,
    *,
    today: date,
) -> Lock | None:
    """What stops this office from entering figures today; None if nothing does.

    `state` is that of the office's submission (None: there is none yet), `state_by` and
    `state_since` who brought it there and when. The state speaks before the window: opening the
    period again would not free an approved figure.
    """
    if state is not None and state in STATE_LOCKS:
        why, remedy = STATE_LOCKS[state]
        return Lock(state, state_by, state_since, why, remedy)
    if window is None or window.opened_on is None or today < window.opened_on:
        opening = window.opened_on if window else None
        who = window.opened_by if window else ""
        return Lock("not_opened", who, opening, "period_not_opened", "ask_to_open")
    if window.closed_on is None or today < window.closed_on:
        return None
    if exemption is None:
        return Lock(
            "closed", window.closed_by, window.closed_on, "period_closed", "ask_for_exception"
        )
    if today <= exemption.until:
        return None
    return Lock(
        "closed", exemption.granted_by, exemption.until, "exception_ended", "ask_for_exception"
    )
