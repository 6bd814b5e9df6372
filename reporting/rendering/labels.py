"""The fixed words of a Governing Council document in six languages, to be frozen in each one."""

import json
from collections.abc import Mapping
from pathlib import Path

from reporting.document import FALLBACK, Text

_LABELS = Path(__file__).with_name("labels.json")


def fixed_labels() -> Mapping[str, Text]:
    """Every fixed word by name; those not in English are working translations.

    The assembler freezes them in the document; renderers read them only from there.
    """
    raw: dict[str, dict[str, str]] = json.loads(_LABELS.read_text(encoding="utf-8"))
    return {
        name: Text(texts, tuple(language for language in texts if language != FALLBACK))
        for name, texts in raw.items()
    }
