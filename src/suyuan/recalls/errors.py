"""What recalls refuse: codes and data, no text."""

from __future__ import annotations

from suyuan.kernel.errors import Conflict, Forbidden


class NothingAffected(Conflict):
    """Neither an item nor a lot follows from the starts."""

    code = "nothing_affected"


class ScopeChanged(Conflict):
    """More or fewer items are affected than the person confirmed."""

    code = "scope_changed"


class RequestKeyReused(Conflict):
    """The request key opened another case."""

    code = "request_key_reused"


class CaseClosed(Conflict):
    """The case has ended already: closed, withdrawn or rejected."""

    code = "recall_closed"


class NotApproved(Conflict):
    """The case is only proposed."""

    code = "recall_not_approved"


class NothingToDecide(Conflict):
    """No version of the scope waits for approval."""

    code = "recall_nothing_to_decide"


class VersionChanged(Conflict):
    """Another version waits for approval than the one that the person looked at."""

    code = "recall_version_changed"


class VersionPending(Conflict):
    """A version waits for approval; it must be decided on first."""

    code = "recall_version_pending"


class ScopeUnchanged(Conflict):
    """The scope is the frozen one: there is nothing to take up."""

    code = "recall_scope_unchanged"


class SecondPersonNeeded(Forbidden):
    """Whoever froze a scope does not approve it while somebody else may."""

    code = "recall_second_person"


class PersonNeeded(Forbidden):
    """A token proposes; people approve."""

    code = "recall_person_needed"


class EvidenceBroken(Conflict):
    """The version is not as it was frozen: somebody changed rows of it."""

    code = "recall_evidence_broken"


class NotAffected(Conflict):
    """These goods are not among the affected ones."""

    code = "recall_not_affected"


class TooManyForWorkbook(Conflict):
    """A workbook of so many rows takes too long; the CSV file streams."""

    code = "too_many_for_workbook"


class NothingToDraw(Conflict):
    """No event names a lot of the kind that a drill would begin with."""

    code = "drill_nothing_to_draw"


class DrillRunning(Conflict):
    """One drill at a time."""

    code = "drill_running"


class DrillEnded(Conflict):
    """The drill's clock does not run any more."""

    code = "drill_ended"


class TaskAnswered(Conflict):
    """The drill's task has its answer."""

    code = "drill_answered"
