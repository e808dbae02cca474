"""Remember for a short time what many requests ask alike.

Owns: a bounded, in-process memory whose entries expire.
Invariant: nothing in it decides a verdict. A product's new name may show half a minute late; a
recall, a first scan and an issued code are always read anew.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

_ALL: Final[list[Callable[[], None]]] = []


class Memory[Key: Hashable, Value]:
    """Values by key, each for `seconds`, at most `kept` of them; the oldest fall out."""

    def __init__(self, *, seconds: float, kept: int) -> None:
        """Begin empty."""
        self._seconds = seconds
        self._kept = kept
        self._values: OrderedDict[Key, tuple[float, Value]] = OrderedDict()
        self._lock = threading.Lock()
        forgets(self.forget)

    def get(self, key: Key, read: Callable[[], Value | None]) -> Value | None:
        """Return what is remembered, or `read` it and remember; None is not remembered."""
        now = time.monotonic()
        with self._lock:
            found = self._values.get(key)
        if found is not None and found[0] > now:
            return found[1]
        value = read()
        if value is None:
            return None
        with self._lock:
            self._values[key] = (now + self._seconds, value)
            self._values.move_to_end(key)
            if len(self._values) > self._kept:
                self._values.popitem(last=False)
        return value

    def forget(self) -> None:
        """Empty it."""
        with self._lock:
            self._values.clear()


def forgets(forget: Callable[[], None]) -> None:
    """Have `forget_all` call `forget` too."""
    _ALL.append(forget)


def forget_all() -> None:
    """Empty every memory of this process, for tests and for commands that just changed data."""
    for forget in _ALL:
        forget()
