"""The one exception by which a rule is refused at every door."""

from django.utils.functional import Promise


class RuleBroken(Exception):
    """A rule of the plan or of the system forbids what was asked.

    `code` is stable and listed in the reference; `message` is a sentence for the person, in
    their language, that says what to do; `field` names the form field concerned, if one is;
    `details` are further sentences (for instance what is missing, office by office).
    """

    def __init__(
        self,
        code: str,
        message: str | Promise,
        field: str | None = None,
        details: tuple[str | Promise, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.details = details


class NotAllowed(RuleBroken):
    """The person's roles do not include what was asked; the message names the role that does."""
