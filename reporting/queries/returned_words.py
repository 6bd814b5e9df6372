"""Sentences on returned translations: what is wrong, where, and what to do about it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from habitat_plan.kit.wording import NATIVE_NAMES
from reporting.exchange import Problem, SourcePassage
from reporting.exchange.tokens import token
from reporting.exchange.word import kind_word
from reporting.rules.markup import Footnote, Inline, Words
from reporting.rules.words import FORMS

_LONGEST = 48


def other_report(slug: str) -> str:
    """The file belongs elsewhere."""
    return _("This file holds the translation of another report (%(report)s). Return it there.") % {
        "report": slug
    }


def no_language(language: str) -> str:
    """The report does not stand in that language."""
    return _("This report is not made in %(language)s.") % {"language": NATIVE_NAMES[language]}


def unknown_section(code: str) -> str:
    """The report has no such section."""
    return _(
        "This report has no section %(section)s with a text. Take it out of the file, or download "
        "a new file."
    ) % {"section": code}


def other_original(title: str, original: str) -> str:
    """The section is not written in the language that the file says."""
    return _(
        "%(section)s is written in %(language)s. Download a file of that language and copy the "
        "translation into it."
    ) % {"section": title, "language": NATIVE_NAMES[original]}


def source_gone(title: str) -> str:
    """Nobody knows any more which words were translated."""
    return _(
        "%(section)s has changed since this file was made, and the file no longer carries the "
        "words that were translated. Download a new file and copy the translation into it."
    ) % {"section": title}


def outdated(language: str, was: int, now: int) -> str:
    """The original has gone on."""
    return _(
        "The %(language)s text has changed since this file was made (revision %(was)s, now "
        "%(now)s). The translation is kept as out of date; download a new file to bring it up to "
        "date."
    ) % {"language": NATIVE_NAMES[language], "was": was, "now": now}


def newer_held() -> str:
    """A translation of a later text stands already."""
    return _(
        "A translation of a newer text is held already, so this section of the file is left out."
    )


def passage_name(passage: SourcePassage) -> str:
    """A passage by its number, kind and first words."""
    text = " ".join(passage.words.split())
    short = text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"
    return _("passage %(key)s (%(kind)s, “%(words)s”)") % {
        "key": passage.key,
        "kind": kind_word(passage.kind),
        "words": short,
    }


def problem_sentence(
    problem: Problem,
    title: str,
    passage: SourcePassage | None,
    shown: Mapping[str, str],
    language: str,
) -> str:
    """What is wrong or asked, naming section and passage, and what to do."""
    name = passage_name(passage) if passage else _("passage %(key)s") % {"key": problem.passage}
    said = {
        "section": title,
        "passage": name,
        "hole": _hole(problem.hole, passage, shown),
        "words": problem.words,
        "count": problem.count,
        "language": NATIVE_NAMES[language],
        "asked": len(FORMS[language]),
        "names": " | ".join(FORMS[language]),
    }
    return str(_SENTENCES[problem.code]) % said


def _hole(
    hole: Inline | None, passage: SourcePassage | None, shown: Mapping[str, str]
) -> str:
    """A figure or mark, as the translator sees it and as the report knows it."""
    if hole is None or passage is None or isinstance(hole, Words):
        return ""
    number = passage.holes.index(hole) + 1 if hole in passage.holes else 0
    if isinstance(hole, Footnote):
        return _("the mark of footnote %(key)s, %(token)s") % {
            "key": hole.key,
            "token": token(number, f"[{hole.key}]"),
        }
    face = shown.get(hole.reference) or hole.reference
    return _("the figure %(reference)s, %(token)s") % {
        "reference": hole.reference,
        "token": token(number, face),
    }


def nothing_translated() -> str:
    """The section came back as it went."""
    return _("Nothing is translated in this section of the file.")


_SENTENCES: Mapping[str, str | Promise] = {
    "hole_missing": gettext_lazy(
        "%(section)s, %(passage)s: %(hole)s, is missing from the translation. Copy its mark from "
        "the source to where it belongs."
    ),
    "hole_twice": gettext_lazy(
        "%(section)s, %(passage)s: %(hole)s, stands %(count)s times in the translation, more "
        "often than in the source. Take out what is too much."
    ),
    "hole_unknown": gettext_lazy(
        "%(section)s, %(passage)s: the translation holds a mark that the source does not have. "
        "Take it out; use only the marks of this passage."
    ),
    "passage_unknown": gettext_lazy(
        "%(section)s, %(passage)s: the source has no such passage. Leave the numbers of the "
        "passages as they were, and add no rows."
    ),
    "forms_count": gettext_lazy(
        "%(section)s, %(passage)s: %(count)s forms were given. %(language)s asks for %(asked)s, "
        "with | between them, or for one that stands for all: %(names)s."
    ),
    "code_in_text": gettext_lazy(
        "%(section)s, %(passage)s: %(words)s looks like code of a web page. Take it out."
    ),
    "too_long": gettext_lazy(
        "%(section)s, %(passage)s: the translation is longer than %(count)s characters. Shorten it."
    ),
    "other_script": gettext_lazy(
        "%(section)s, %(passage)s: the translation is hardly in the letters of %(language)s. Is it "
        "in its place?"
    ),
    "same_as_source": gettext_lazy(
        "%(section)s, %(passage)s: the translation says word for word what the source says. Is it "
        "translated?"
    ),
    "not_revised": gettext_lazy(
        "%(section)s, %(passage)s: the section has changed since it was translated, and this "
        "translation has stayed as it was. Does it still hold?"
    ),
}
