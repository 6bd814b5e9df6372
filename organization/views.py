"""Signing in and out."""

from django.contrib.auth.views import LoginView, LogoutView

from organization.forms import SignInForm


class SignIn(LoginView):
    """The way in; afterwards to the page that was asked for, if it is one of ours."""

    authentication_form = SignInForm
    template_name = "organization/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """The way out, by POST only; afterwards the public home page."""

    http_method_names = ["post", "options"]
