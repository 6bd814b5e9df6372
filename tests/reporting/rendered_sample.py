"""The files of the sample documents, each made once for all tests that read it."""

import functools

from sample_document import listed_document, sample_document

from reporting.rendering import render


@functools.cache
def sample_file(language: str, format: str, hostile: str = "", digits: str = "western") -> bytes:
    """The sample, as `sample_document` makes it, in a language and format."""
    return render(sample_document(hostile, digits), language, format)


@functools.cache
def listed_file(language: str, format: str) -> bytes:
    """The sample with lists, evidence and approvals, in a language and format."""
    return render(listed_document(), language, format)
