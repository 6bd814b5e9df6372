"""Words under which lessons are kept together. One word is one tag, in whatever language."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.utils.text import slugify
from django.utils.translation import gettext as _

from evaluations.models import Tag
from evaluations.rules.texts import folded
from evaluations.services.wordings import with_text
from habitat_plan.kit.errors import RuleBroken
from organization.models import User
from organization.services import audit

MOST, LONGEST = 10, 60
CODE_LONGEST = 40


def named(words: Iterable[str], *, language: str, by: User, at: datetime) -> list[Tag]:
    """The tags of these words; those that no tag goes by in any language are made.

    Raises RuleBroken `too_many_tags`, `tag_too_long`.
    """
    asked = {folded(word): word.strip() for word in words if folded(word)}
    if len(asked) > MOST:
        raise RuleBroken("too_many_tags", _("Give %(most)s tags at most.") % {"most": MOST}, "tags")
    if any(len(word) > LONGEST for word in asked.values()):
        raise RuleBroken(
            "tag_too_long",
            _("A tag has %(longest)s characters at most.") % {"longest": LONGEST},
            "tags",
        )
    known = {
        folded(text): tag
        for tag in (Tag.objects.all() if asked else ())
        for text in (tag.code, *(local.text for local in tag.name))
    }
    found = [known.get(key) or _made(key, word, language, by, at) for key, word in asked.items()]
    return list({tag.pk: tag for tag in found}.values())


def _made(key: str, word: str, language: str, by: User, at: datetime) -> Tag:
    # A word in a script that an address cannot hold is known by a digest of itself.
    plain = slugify(key)
    digest = hashlib.sha256(key.encode()).hexdigest()[:10]
    is_plain = plain == key.replace(" ", "-") and len(plain) <= CODE_LONGEST
    code = plain if is_plain else f"tag-{digest}"
    name = with_text(None, language, word)
    tag, is_new = Tag.objects.get_or_create(code=code, defaults={"name": name})
    if is_new:
        audit.record(action="add tag", subject=tag, by=by, at=at, changes={"name": (None, name)})
    return tag
