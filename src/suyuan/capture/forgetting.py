"""Empty a sandbox of its events.

Owns: the one exception to "an accepted event is never deleted": what was only tried.
Invariant: never of an organisation that is no sandbox. Keys keep their meaning, because every
process remembers them, and numbers go on, because pages and subscriptions stand on them.
"""

from __future__ import annotations

from typing import Final

from django.apps import apps
from django.db import transaction

from suyuan.capture.models import (
    EventSequence,
    ForeignIdentity,
    KeyClass,
    SeenPrefix,
    StoredEvent,
)
from suyuan.tenancy.models import Organisation

_STAYS: Final = (EventSequence, ForeignIdentity, KeyClass, SeenPrefix)


class NoSandboxError(TypeError):
    """A programming error: something tried to delete real events."""


@transaction.atomic()
def forget_events(sandbox: Organisation) -> int:
    """Delete a sandbox's events, jobs and index; return how many events they were."""
    if sandbox.sandbox_of_id is None:
        raise NoSandboxError(sandbox.slug)
    gone = StoredEvent.objects.filter(organisation_id=sandbox.pk).count()
    for model in apps.get_app_config("capture").get_models():
        if model not in _STAYS:
            model._default_manager.filter(organisation_id=sandbox.pk).delete()
    return gone
