"""The files of a report by language, in the order in which the United Nations name them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from habitat_plan.kit.wording import NATIVE_NAMES
from reporting.document import LANGUAGES
from reporting.models import Rendering
from reporting.rendering import FORMATS


@dataclass(frozen=True)
class FileRow:
    """The files in one language: one for each format, None where it is not made yet."""

    language: str
    name: str
    files: tuple[tuple[str, Rendering | None], ...]

    @property
    def made(self) -> list[Rendering]:
        """The files that there are."""
        return [file for _format, file in self.files if file is not None]


def file_rows(
    renderings: Iterable[Rendering],
    expected: Iterable[str] = (),
    formats: Collection[str] = (),
) -> tuple[FileRow, ...]:
    """A row for each language that has a file or is to have one.

    `formats` are those that each is to have; left out, those that there are.
    """
    found = {(one.language, one.format): one for one in renderings}
    wanted = {language for language, _format in found} | set(expected)
    shown = set(formats) or {format for _language, format in found}
    return tuple(
        FileRow(
            language=language,
            name=NATIVE_NAMES[language],
            files=tuple(
                (format, found.get((language, format))) for format in FORMATS if format in shown
            ),
        )
        for language in LANGUAGES
        if language in wanted
    )
