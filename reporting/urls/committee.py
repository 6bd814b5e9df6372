"""Addresses of the Committee's space."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
