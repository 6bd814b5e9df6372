"""The form by which a file is sent."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from habitat_plan.kit.tables.limits import LIMITS, MEGABYTE
from habitat_plan.kit.wording import NATIVE_NAMES
from indicators.forms.plain import PlainForm


class UploadForm(PlainForm):
    """A file, and the language in which its numbers are written."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A spreadsheet (.xlsx) or delimited text (.csv), at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty. Choose another one."),
            "missing": gettext_lazy("Choose a file."),
            "invalid": gettext_lazy("Choose a file."),
        },
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Numbers in the file are written as in"),
        help_text=gettext_lazy("This matters for typed text, such as 12,5 in a CSV file."),
        choices=[(code, NATIVE_NAMES[code]) for code, _name in settings.LANGUAGES],
    )

    def clean_file(self) -> Any:
        """Refuses what is too large before it is stored."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LIMITS.file_bytes:
            raise forms.ValidationError(
                _("The file is larger than %(limit)d MB. Send it in parts.")
                % {"limit": LIMITS.file_bytes // MEGABYTE}
            )
        return file
