"""Addresses of the Committee's space, of questions, and of reports by symbol."""

from django.urls import path, register_converter

from reporting.views import committee, questions


class SymbolConverter:
    """A symbol as it was typed at issue: slashes, spaces and whatever else it has."""

    regex = r"[\s\S]+"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is: `reverse` quotes what an address cannot hold."""
        return value


register_converter(SymbolConverter, "symbol")

urlpatterns = [
    path("committee/", committee.committee, name="committee"),
    path("questions/", questions.index, name="questions"),
    path("questions/<int:number>/", questions.question, name="question"),
    path("reports/<slug:slug>/questions/", questions.of_report, name="report-questions"),
    path("symbols/<symbol:symbol>", committee.by_symbol, name="report-symbol"),
]
