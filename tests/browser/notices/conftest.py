"""A recall with recipients, and a mail server."""

from __future__ import annotations

from tests.notice_world import mail as mail
from tests.notice_world import noticed as noticed
