"""Writes one language of a text in six, and what is searched of several."""

from evaluations.rules.texts import folded
from habitat_plan.kit.wording import WORKING, LocalText, Wording


def with_text(wording: Wording | None, language: str, text: str) -> Wording:
    """The wording with this language's text; without it, if the text is blank."""
    texts = dict(wording.texts) if wording else {}
    said = text.strip()
    if said:
        texts[language] = LocalText(said, language, WORKING)
    else:
        texts.pop(language, None)
    return Wording(texts)


def searched(*wordings: Wording | None) -> str:
    """What is searched of some texts: all their languages, folded."""
    return folded(*(local.text for one in wordings if one for local in one))
