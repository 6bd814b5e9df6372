"""The forms for signing in and for what a person chooses."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.wording import NATIVE_NAMES
from organization.models import User


class SignInForm(AuthenticationForm):
    """E-mail address and password. Refusals never say whether the address is known."""

    error_messages = {
        "invalid_login": _(
            "This e-mail address and this password do not go together. "
            "Check both; capital letters count in the password."
        ),
        "inactive": _(
            "This e-mail address and this password do not go together. "
            "Check both; capital letters count in the password."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail address")
        self.fields["username"].widget.attrs.update(
            {"autocomplete": "username", "inputmode": "email", "autocapitalize": "none"}
        )
        self.fields["password"].label = _("Password")

    def clean_username(self) -> str:
        """In small letters, as addresses are kept: tries count for one address however written."""
        return str(self.cleaned_data["username"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Hands on the address as `email`: axes counts failed tries by the name of that field.

        Under the form's own name they would be counted for nobody, and no account would be locked.
        """
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email and password:
            self.user_cache = authenticate(self.request, email=email, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class AccountForm(forms.Form):
    """Language and mail, as the person wants them."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, NATIVE_NAMES[code]) for code, _name in settings.LANGUAGES],
        help_text=_("Messages are written in this language."),
        error_messages={"invalid_choice": _("Choose one of the six languages of the site.")},
    )
    mail = forms.ChoiceField(
        label=_("Reminders by e-mail"),
        choices=User.Mail.choices,
        widget=forms.RadioSelect,
        help_text=_("What waits for you shows under “My work” in any case."),
        error_messages={"invalid_choice": _("Choose one of the three ways.")},
    )
