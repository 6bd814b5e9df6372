"""Files that somebody sent, on their way out: to be saved, never shown or run by the browser."""

from pathlib import Path

from django.http import FileResponse
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken

FILE_POLICY = (
    "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def to_be_saved(stored: Path, *, name: str, media_type: str) -> FileResponse:
    """The stored file as an answer that no cache keeps: rights and embargoes may end.

    Raises RuleBroken `file_missing`.
    """
    try:
        opened = stored.open("rb")
    except OSError as error:
        raise RuleBroken(
            "file_missing", _("The file cannot be read. Tell an administrator.")
        ) from error
    headers = {
        "Content-Security-Policy": FILE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return FileResponse(
        opened, as_attachment=True, filename=name, content_type=media_type, headers=headers
    )
