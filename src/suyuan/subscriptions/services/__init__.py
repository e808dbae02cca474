"""What can be done with stored queries and subscriptions."""

from suyuan.subscriptions.services.control import (
    dismiss,
    end,
    pause,
    replay,
    replay_all,
    resume,
    send_test,
)
from suyuan.subscriptions.services.queries import define_query, drop_query
from suyuan.subscriptions.services.subscribing import subscribe, unsubscribe

__all__ = [
    "define_query",
    "dismiss",
    "drop_query",
    "end",
    "pause",
    "replay",
    "replay_all",
    "resume",
    "send_test",
    "subscribe",
    "unsubscribe",
]
