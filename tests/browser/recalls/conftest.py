"""The goods with a history, and a mail server."""

from __future__ import annotations

from tests.notice_world import mail as mail
from tests.recall_world import world as world
