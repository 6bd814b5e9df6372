"""The fixed words of a Governing Council document in six languages, to be frozen in each one."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from babel import Locale

from reporting.document import FALLBACK, Text

_LABELS = Path(__file__).with_name("labels.json")


@functools.cache
def fixed_labels() -> Mapping[str, Text]:
    """Every fixed word by name; those not in English are working translations.

    The assembler freezes them in the document, and renderers read them from there. Words that
    came after a document was frozen are read from here.
    """
    raw: dict[str, dict[str, str]] = json.loads(_LABELS.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: Text(texts, tuple(language for language in texts if language != FALLBACK))
            for name, texts in raw.items()
        }
    )


def plural_of(name: str, count: int, language: str) -> str:
    """The label that counts so many things: `evidence_few`; `evidence_none` for zero."""
    form = "none" if count == 0 else str(Locale(language).plural_form(count))
    return f"{name}_{form}"
