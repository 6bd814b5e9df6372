"""The form by which a list of recommendations is sent."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.services.list_reading import FILE_LIMITS
from habitat_plan.kit.tables.limits import MEGABYTE
from habitat_plan.kit.wording import NATIVE_NAMES
from indicators.forms.plain import PlainForm

CHOOSE = gettext_lazy("Choose a file.")


class ListForm(PlainForm):
    """A file, and the language in which its texts are written."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A spreadsheet (.xlsx) or delimited text (.csv), at most 5 MB and 5,000 rows."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": CHOOSE,
            "missing": CHOOSE,
            "invalid": CHOOSE,
            "empty": gettext_lazy("The file is empty. Choose another one."),
        },
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Its texts are written in"),
        help_text=gettext_lazy("Headings and words such as “accepted” are known in all six."),
        choices=[(code, NATIVE_NAMES[code]) for code, _name in settings.LANGUAGES],
    )

    def clean_file(self) -> Any:
        """Refuses what is too large before it is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > FILE_LIMITS.file_bytes:
            raise forms.ValidationError(
                _("The file is larger than %(limit)d MB. Send it in parts.")
                % {"limit": FILE_LIMITS.file_bytes // MEGABYTE}
            )
        return file
