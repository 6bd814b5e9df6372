"""Addresses of one recommendation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
