"""Events that were told before.

Owns: whether an event is new, the same again, or another under a known ID; what it voids.
Does not own: storing it (services).

The same event captured again changes nothing. An event ID that comes back with other content is
refused, unless one of the two declares the other's error (EPCIS 2.0 §7.4.1.2).

An event ID is the word of whoever sends it: of the organisation, or of one of its partners. Under
the ID of somebody else's event a partner's other event is new, because a refusal would tell that
there is one; and it voids nothing of others. The same event from somebody else is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from suyuan.capture.encode import id_hash, server_event_id
from suyuan.capture.models import CaptureJob, Claim, Correction
from suyuan.core.epcis.body import unpack_body
from suyuan.kernel.lists import select, within

type Verdict = Literal["new", "duplicate", "claim", "conflict"]
"""What an event is; "claim": the same as somebody else's, which its sender must not learn."""


class _Met(NamedTuple):
    """An event under an ID.

    Attributes:
        content: digest of what it says.
        declares: it declares an error.
        seq: its number.
        holder: the partner that sent it, None for the organisation.
        claimed: the present sender has sent the same.
    """

    content: bytes
    declares: bool
    seq: int
    holder: int | None
    claimed: bool


class Known:
    """The events that share an ID with those of a document, stored or met before in it.

    Attributes:
        corrections: (number of a voided event, number of its declaration), as they were met.
        claims: numbers of somebody else's events that were told again.
    """

    def __init__(self, organisation_id: int, ids: Sequence[str], holder: int | None) -> None:
        """Read what is stored under `ids`, for what `holder` sends."""
        self._organisation_id = organisation_id
        self._holder = holder
        self._met: dict[str, list[_Met]] = {}
        self.corrections: list[tuple[int, int]] = []
        self.claims: list[int] = []
        condition, parameter = within("id_hash", sorted({id_hash(one) for one in ids}))
        rows = select(
            "SELECT content_digest, declares_error, seq, body, job "  # noqa: S608 - from code
            f"FROM capture_storedevent WHERE organisation_id = %s AND {condition}",
            (organisation_id, parameter),
        )
        if not rows:
            return
        holders = self._holders({row[4] for row in rows})
        claimed = self._claimed([row[2] for row in rows])
        for content, declares, seq, body, job in rows:
            stored = bytes(content)
            event_id = unpack_body(bytes(body)).get("eventID") or server_event_id(stored)
            self._met.setdefault(event_id, []).append(
                _Met(stored, bool(declares), seq, holders.get(job), seq in claimed)
            )

    def _holders(self, jobs: set[int]) -> dict[int, int | None]:
        rows = CaptureJob.objects.filter(organisation_id=self._organisation_id, id__in=jobs)
        return dict(rows.exclude(holder=None).values_list("id", "holder"))

    def _claimed(self, seqs: list[int]) -> set[int]:
        if self._holder is None:
            return set()
        rows = Claim.objects.filter(
            organisation_id=self._organisation_id, holder=self._holder, seq__in=seqs
        )
        return set(rows.values_list("seq", flat=True))

    def meet(self, event_id: str, content: bytes, declares: bool, seq: int) -> Verdict:
        """Say what an event is, and remember it if it is new or claimed."""
        met = self._met.setdefault(event_id, [])
        same = [one for one in met if one.content == content]
        if same and (self._holder is None or any(self._own(one) for one in same)):
            return "duplicate"
        if not declares and any(self._own(one) and not one.declares for one in met):
            return "conflict"
        if same:
            met[met.index(same[0])] = same[0]._replace(claimed=True)
            self.claims.append(same[0].seq)
            return "claim"
        for one in met:
            if declares and not one.declares and self._holder in {None, one.holder}:
                self.corrections.append((one.seq, seq))
            elif one.declares and not declares and one.holder in {None, self._holder}:
                # The declaration came before its event.
                self.corrections.append((seq, one.seq))
        met.append(_Met(content, declares, seq, self._holder, claimed=False))
        return "new"

    def _own(self, one: _Met) -> bool:
        """Tell whether an event is the word of the present sender."""
        return one.holder == self._holder or one.claimed

    def insert_corrections(self) -> None:
        """Store which events are voided."""
        Correction.objects.bulk_create(
            Correction(organisation_id=self._organisation_id, seq=seq, declared_by=by)
            for seq, by in self.corrections
        )

    def insert_claims(self, job: int) -> None:
        """Store which events a partner's job told again."""
        if self._holder is None:
            return
        Claim.objects.bulk_create(
            Claim(organisation_id=self._organisation_id, holder=self._holder, seq=seq, job=job)
            for seq in self.claims
        )
