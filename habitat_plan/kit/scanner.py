"""The virus scanner of the installation, if it has one: a command that reads the file."""

import subprocess
from collections.abc import Sequence

from habitat_plan.kit.refusals import refusal

CLEAN, INFECTED = 0, 1
SECONDS = 60


def scan(content: bytes, command: Sequence[str]) -> bool:
    """True if a scanner looked at the content and found nothing; False if there is no scanner.

    Raises RuleBroken `file_infected`, or `file_not_scanned` if the scanner fails: what nobody
    looked at is not passed on as if somebody had.
    """
    if not command:
        return False
    try:
        done = subprocess.run(  # noqa: S603 - the administrator's own command
            command, input=content, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise refusal("file_not_scanned") from error
    if done.returncode == INFECTED:
        raise refusal("file_infected")
    if done.returncode != CLEAN:
        raise refusal("file_not_scanned")
    return True
