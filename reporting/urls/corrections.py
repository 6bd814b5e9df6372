"""Addresses of corrections and comparisons."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
