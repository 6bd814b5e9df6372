"""No upload takes more memory or disk than this site ever keeps of one file."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# The largest file that any page takes; each page refuses what is too large for it in words.
CEILING = 25_000_000
# A body beyond this is not even read: nobody sends it by mistake.
ENOUGH = 5 * CEILING


class CeilingUploadHandler(TemporaryFileUploadHandler):
    """Streams a file to disk up to the ceiling; the rest is counted and thrown away.

    A file above it arrives empty, with the size that was sent, so that the form can say so and
    keep what else was typed. Raises RequestDataTooBig before reading a body of absurd length.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuses by the length that the sender states; a lie is counted below."""
        if content_length > ENOUGH:
            raise RequestDataTooBig(f"A body of {content_length} bytes is more than {ENOUGH}.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begins another file of the form."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keeps a piece while the file is below the ceiling."""
        self.received += len(raw_data)
        if self.received > ENOUGH:
            raise RequestDataTooBig(f"A file of more than {ENOUGH} bytes.")
        if self.received <= CEILING:
            super().receive_data_chunk(raw_data, start)
        elif self.received - len(raw_data) <= CEILING:
            self.file.seek(0)
            self.file.truncate()

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """The file, with the size that was sent."""
        return super().file_complete(self.received)
