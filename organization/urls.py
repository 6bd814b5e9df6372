"""Addresses for signing in and out."""

from django.urls import path

from organization import views, views_keys

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/sign-out-elsewhere/", views.sign_out_elsewhere, name="sign-out-elsewhere"),
    path("account/keys/", views_keys.keys, name="access-keys"),
]
