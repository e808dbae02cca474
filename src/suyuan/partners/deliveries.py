"""What a partner has delivered, for real and in the sandbox.

Owns: reads of a partner's capture jobs, and the partner's twin in the sandbox.
Does not own: other jobs of the organisation; they are never told here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from suyuan.capture.errors import JobNotFound
from suyuan.capture.models import CaptureJob, Claim
from suyuan.partners.models import Partner
from suyuan.partners.selectors import sandbox_of
from suyuan.tenancy.actor import Actor

_LARGEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Delivered:
    """How much a partner has delivered: documents, events stored, and when last."""

    documents: int
    events: int
    last: datetime | None


def twin_of(partner: Partner) -> Partner | None:
    """Return the partner's twin in the sandbox, None until it was opened for it."""
    sandbox = sandbox_of(partner.organisation_id)
    if sandbox is None:
        return None
    return (
        Partner.objects.filter(organisation_id=sandbox.pk, party__code=partner.code)
        .select_related("party", "organisation")
        .first()
    )


def in_sandbox(actor: Actor, twin: Partner) -> Actor:
    """Return whoever acts for a partner as one who acts in the sandbox for its twin."""
    return replace(actor, organisation=twin.organisation, holder=twin.id)


def deliveries(partner: Partner) -> QuerySet[CaptureJob]:
    """Return the jobs that a partner has sent, the latest first."""
    return CaptureJob.objects.filter(
        organisation_id=partner.organisation_id, holder=partner.id
    ).order_by("-created_at", "-id")


def get_delivery(partner: Partner, job_id: int) -> CaptureJob:
    """Return one of a partner's jobs. Raises `JobNotFound`, for others' jobs too."""
    job = deliveries(partner).filter(id=job_id).first() if job_id <= _LARGEST else None
    if job is None:
        raise JobNotFound(given=str(job_id)[:80])
    return job


def delivered_seqs(job: CaptureJob, limit: int) -> list[int]:
    """Return the numbers of the first events that a job told, those that were there too."""
    seqs = list(range(job.first_seq, job.last_seq + 1)[:limit]) if job.stored else []
    if job.holder is None:
        return seqs
    claims = Claim.objects.filter(
        organisation_id=job.organisation_id, holder=job.holder, job=job.id
    )
    return (seqs + list(claims.order_by("seq").values_list("seq", flat=True)[:limit]))[:limit]


def delivered(partner: Partner | None) -> Delivered:
    """Return how much a partner has delivered; nothing for no partner."""
    if partner is None:
        return Delivered(0, 0, None)
    sums = deliveries(partner).aggregate(
        documents=Count("id"),
        events=Sum(F("stored") + F("claimed")),
        last=Max("created_at", filter=Q(stored__gt=0) | Q(claimed__gt=0)),
    )
    return Delivered(sums["documents"], sums["events"] or 0, sums["last"])


def delivered_by_all(organisation_id: int) -> dict[int, Delivered]:
    """Return how much each partner of an organisation has delivered, in one query."""
    rows = (
        CaptureJob.objects.filter(organisation_id=organisation_id, holder__isnull=False)
        .order_by()
        .values("holder")
        .annotate(
            documents=Count("id"), events=Sum(F("stored") + F("claimed")), last=Max("created_at")
        )
    )
    return {
        row["holder"]: Delivered(row["documents"], row["events"] or 0, row["last"])
        for row in rows
        if row["holder"] is not None
    }
