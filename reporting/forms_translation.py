"""What is sent when a translation comes back. The services judge it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from indicators.forms.plain import PlainForm
from reporting.exchange import FILE_LIMIT
from reporting.exchange.refusing import SENTENCES


class ReturnForm(PlainForm):
    """The file that a translator sent back."""

    file = forms.FileField(
        label=_("Translated file"),
        help_text=_("XLIFF (.xlf) or DOCX as downloaded here, at most 5 MB."),
        allow_empty_file=True,  # said by the rule on files, in its own words
        widget=forms.FileInput(attrs={"accept": ".xlf,.xliff,.docx"}),
        error_messages={
            "required": _("Choose a file."),
            "missing": _("Choose a file."),
            "invalid": _("Choose a file."),
        },
    )

    def clean_file(self) -> Any:
        """Refuses what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_LIMIT:
            raise forms.ValidationError(str(SENTENCES["file_too_large"]), code="file_too_large")
        return file
