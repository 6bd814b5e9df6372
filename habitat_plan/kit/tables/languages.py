"""How the languages of the site write a number."""

DECIMAL_COMMA = frozenset(("es", "fr", "ru"))
"""Languages that write 12,5 and not 12.5."""


def decimal_mark(language: str) -> str:
    """The decimal mark of a language."""
    return "," if language.partition("-")[0] in DECIMAL_COMMA else "."
