"""Addresses of lessons and good practices."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
