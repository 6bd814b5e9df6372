"""Who calls the API: a person with an access key, or one who is signed in."""

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from organization.models import AccessKey, User
from organization.services.access_keys import digest_of

SCHEME = "bearer"


class ByAccessKey(BaseAuthentication):  # type: ignore[misc]  # the framework has no types
    """`Authorization: Bearer <key>`. Opens no session; roles are those of the moment.

    Tries are not counted: a key has 256 random bits, so guessing is hopeless, and counting would
    let strangers lock a program out.
    """

    def authenticate(self, request: Request) -> tuple[User, AccessKey] | None:
        """The person and the key; None if no key was sent. Raises AuthenticationFailed (401)."""
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() != SCHEME:
            return None
        key = (
            AccessKey.objects.select_related("user")
            .filter(
                digest=digest_of(text.strip()),
                revoked_at__isnull=True,
                expires_on__gte=timezone.localdate(),
                user__is_active=True,
            )
            .first()
        )
        if key is None:
            raise AuthenticationFailed(
                _("This key is unknown, ended or revoked. Make a new one on your account page.")
            )
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Bearer"


class BySession(SessionAuthentication):  # type: ignore[misc]  # the framework has no types
    """The person signed in by the pages; unsafe methods need the CSRF token as there."""

    def authenticate_header(self, request: Request) -> str:
        """Makes a missing sign-in 401 and not 403, so that a program knows what is missing."""
        return "Session"
