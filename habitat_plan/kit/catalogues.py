"""Compiles the translation catalogues with Babel, so that a new machine needs no gettext.

Run as `python -m habitat_plan.kit.catalogues`. Placeholders are proved equal by a test, which knows
that a singular may leave out its number; Babel's own check does not.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def compile_all(folder: Path = LOCALE) -> list[Path]:
    """Writes the compiled catalogue beside each source that is newer; returns those written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parents[1].name)
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_all()
