"""A small mail server on loopback, for tests that send letters by SMTP.

Owns: `MailServer`, which takes letters, refuses some, and breaks off where it is told to.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class MailServer:
    """What the server was told, and how it is to behave.

    Attributes:
        refuse: address -> the answer to its RCPT command, such as "550 no such user".
        break_off: addresses in whose letters the line breaks before they are acknowledged.
    """

    host: str = "127.0.0.1"
    port: int = 0
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    connections: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    break_off: set[str] = field(default_factory=set)

    @property
    def options(self) -> dict[str, object]:
        """The settings of a mailer that sends here."""
        return {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": self.host, "port": self.port, "timeout": 5},
            }
        }

    def to(self, address: str) -> list[EmailMessage]:
        """Return the letters to an address."""
        return [letter for to, letter in self.letters if to == address]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    told: MailServer


class _Line(socketserver.StreamRequestHandler):
    """One connection: as much of RFC 5321 as a client of the standard library speaks."""

    def handle(self) -> None:
        """Answer commands until the client leaves, or the line breaks."""
        told = cast("_Server", self.server).told
        told.connections += 1
        self._say("220 test")
        to = ""
        while line := self.rfile.readline():
            command = line.decode().strip()
            word = command[:4].upper()
            if word == "RCPT":
                to = command.partition("<")[2].partition(">")[0]
                self._say(told.refuse.get(to, "250 ok"))
            elif word == "DATA":
                self._say("354 go on")
                letter = self._letter()
                told.letters.append((to, letter))
                if to in told.break_off:
                    return
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server until the block ends."""
    told = MailServer()
    with _Server((told.host, 0), _Line) as server:
        server.told = told
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
