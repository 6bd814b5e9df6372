"""Web addresses that people give as evidence."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken

LONGEST = 200
is_web_address = URLValidator(schemes=["http", "https"])


def read_link(text: str) -> str:
    """A typed web address without spaces around it; "" for none.

    Raises RuleBroken `not_an_address`: readers follow the link, so a script is refused here, at
    every door.
    """
    link = text.strip()
    if not link:
        return ""
    try:
        is_web_address(link)
    except ValidationError as error:
        raise _refusal() from error
    if len(link) > LONGEST:
        raise _refusal()
    return link


def _refusal() -> RuleBroken:
    return RuleBroken(
        "not_an_address",
        _("Write a web address of at most 200 characters, such as https://unhabitat.org."),
        "link",
    )
