"""A mail server on this machine that keeps what it is given, slow enough to be interrupted."""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message


class _Session(socketserver.StreamRequestHandler):
    """One conversation in the Simple Mail Transfer Protocol, as much of it as Django speaks."""

    server: "MailServer"

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                self.server.keep(self.text())
                self.say("250 kept")
            elif word == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 mail")
        return None

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line)
        return b"".join(lines)


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1; takes `seconds` before it acknowledges a message."""

    daemon_threads = True

    def __init__(self, seconds: float) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.seconds = seconds
        self.messages: list[Message] = []

    def keep(self, text: bytes) -> None:
        self.messages.append(message_from_bytes(text))
        time.sleep(self.seconds)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed leaves its line broken: nothing to say about it."""

    @property
    def environment(self) -> dict[str, str]:
        """What points an installation at this server."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.server_address[1]),
        }

    def times(self) -> Counter[str]:
        """How often each message came, by its Message-ID."""
        return Counter(str(message["Message-ID"]) for message in self.messages)


@contextmanager
def mail_server(*, seconds: float = 0.0) -> Iterator[MailServer]:
    """A mail server while the block runs."""
    with MailServer(seconds) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
