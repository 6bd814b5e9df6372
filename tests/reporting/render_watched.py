"""Run as a script: renders documents of a folder; prints what was opened or connected to as JSON.

The first document warms up what is loaded once (modules, locales, templates); from the second on
each opened file and each socket counts. A file that is not there marks the beginning for strace.
"""

import json
import socket
import sys
from pathlib import Path
from typing import Any

from reporting.document import from_json
from reporting.rendering import FORMATS, render

LANGUAGES = ("en", "ar")
opened: list[str] = []
connected: list[str] = []
watching = False


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not watching:
        return
    if event == "open":
        opened.append(str(arguments[0]))
    elif event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "ctypes.")):
        connected.append(event)


class NoSocket(socket.socket):
    """Whoever makes a socket while documents are rendered ends the script."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        raise AssertionError("a renderer made a socket")


documents = [from_json(file.read_bytes()) for file in sorted(Path(sys.argv[1]).iterdir())]
sys.addaudithook(hook)
socket.socket = NoSocket  # type: ignore[misc]
files = 0
for document in documents:
    for language in LANGUAGES:
        for format in FORMATS:
            content = render(document, language, format)
            files += watching and len(content) > 0
    if not watching:
        Path("/the-watch-begins-here").is_file()
        try:
            Path("/the-watch-begins-here").read_bytes()
        except FileNotFoundError:
            watching = True
watching = False
print(json.dumps({"files": files, "opened": opened, "connected": connected}))
