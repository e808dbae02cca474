"""Make an organisation, name it, keep its GS1 company prefixes."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.db.models import Max

from suyuan.kernel.errors import Conflict, Invalid, NotFound
from suyuan.tenancy.actor import Actor
from suyuan.tenancy.audit import difference
from suyuan.tenancy.errors import PrefixClaimed, SlugTaken
from suyuan.tenancy.models import CompanyPrefix, Membership, Organisation, RoleGrant, User
from suyuan.tenancy.rights import DEFAULT_GRANTS, Right, Role
from suyuan.tenancy.services.lines import clean_line

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_SLUG_LENGTH = range(2, 41)
# GS1 General Specifications 1.4.4: a company prefix has 4 to 12 digits.
_PREFIX = re.compile(r"[0-9]{4,12}\Z")
# Addresses under /app/ that are pages of their own.
RESERVED_SLUGS = frozenset({"new", "profile", "invitations", "invitation", "api", "static"})
_ATTEMPTS = 8


def _clean_slug(slug: str) -> str:
    text = slug.strip().lower()
    if len(text) not in _SLUG_LENGTH or not _SLUG.match(text):
        raise Invalid("slug_malformed", place="slug")
    if text in RESERVED_SLUGS:
        raise Invalid("slug_reserved", place="slug", slug=text)
    return text


def _store_organisation(
    *, slug: str, name_zh: str, name_en: str, sandbox_of: Organisation | None = None
) -> Organisation:
    """Store the row under the next company number; two makers at once try again."""
    for _ in range(_ATTEMPTS):
        highest = Organisation.objects.aggregate(highest=Max("company_number"))["highest"] or 0
        try:
            with transaction.atomic():
                return Organisation.objects.create(
                    slug=slug,
                    name_zh=name_zh,
                    name_en=name_en,
                    company_number=highest + 1,
                    sandbox_of=sandbox_of,
                )
        except IntegrityError as error:
            if Organisation.objects.filter(slug=slug).exists():
                raise SlugTaken(place="slug", slug=slug) from error
    raise Conflict(place="company_number")


@transaction.atomic()
def create_organisation(*, owner: User, slug: str, name_zh: str, name_en: str = "") -> Organisation:
    """Make an organisation with the default grants and its first owner.

    Raises:
        Invalid: `slug_malformed`, `slug_reserved`, and as `clean_line`.
        SlugTaken: another organisation has this address.
    """
    organisation = _store_organisation(
        slug=_clean_slug(slug),
        name_zh=clean_line(name_zh, place="name_zh", limit=120),
        name_en=clean_line(name_en, place="name_en", limit=120, required=False),
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(organisation=organisation, role=role.value, right=right.value)
        for role, rights in DEFAULT_GRANTS.items()
        for right in sorted(rights)
    )
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER.value)
    actor = Actor(
        organisation=organisation,
        name=f"user:{owner.email}",
        rights=DEFAULT_GRANTS[Role.OWNER],
        user_id=owner.pk,
        role=Role.OWNER.value,
    )
    actor.audit(
        "organisation.created",
        kind="organisation",
        object_id=organisation.slug,
        changes=difference(
            {}, {"name_zh": organisation.name_zh, "name_en": organisation.name_en or None}
        ),
    )
    return organisation


@transaction.atomic()
def sandbox_for(*, actor: Actor) -> Organisation:
    """Return the sandbox of the actor's organisation, made on first use.

    The caller has checked that the actor may open it.

    It has no members and no roles: its partners' tokens open it, and its brand's members look in
    (`selectors.actor_for`).
    """
    # Its row is the lock: two that ask at once get the same sandbox.
    brand = Organisation.objects.select_for_update().get(pk=actor.organisation_id)
    found = Organisation.objects.filter(sandbox_of=brand).first()
    if found is not None:
        return found
    sandbox = _store_organisation(
        slug=_sandbox_slug(brand.slug),
        name_zh=f"{brand.name_zh[:110]}（沙箱）",
        name_en=f"{brand.name_en[:105]} (sandbox)" if brand.name_en else "",
        sandbox_of=brand,
    )
    actor.audit("sandbox.opened", kind="organisation", object_id=sandbox.slug)
    return sandbox


def _sandbox_slug(slug: str) -> str:
    """Return an address that is free: `<slug>-sandbox`, or a numbered one."""
    stem = slug[: _SLUG_LENGTH.stop - 1 - len("-sandbox-00")].rstrip("-")
    taken = set(
        Organisation.objects.filter(slug__startswith=f"{stem}-sandbox").values_list(
            "slug", flat=True
        )
    )
    names = (f"{stem}-sandbox{f'-{number}' if number else ''}" for number in range(100))
    return next(name for name in names if name not in taken)


@transaction.atomic()
def rename_organisation(*, actor: Actor, name_zh: str, name_en: str) -> Organisation:
    """Set the two names.

    Raises:
        Forbidden: without `organisation.edit`.
        Invalid: `name_required`, `name_too_long`, `name_malformed`.
    """
    actor.require(Right.ORGANISATION_EDIT)
    organisation = Organisation.objects.select_for_update().get(pk=actor.organisation_id)
    before = {"name_zh": organisation.name_zh, "name_en": organisation.name_en}
    organisation.name_zh = clean_line(name_zh, place="name_zh", limit=120)
    organisation.name_en = clean_line(name_en, place="name_en", limit=120, required=False)
    after = {"name_zh": organisation.name_zh, "name_en": organisation.name_en}
    changes = difference(before, after)
    if changes:
        organisation.save(update_fields=["name_zh", "name_en"])
        actor.audit(
            "organisation.renamed",
            kind="organisation",
            object_id=organisation.slug,
            changes=changes,
        )
    return organisation


@transaction.atomic()
def add_company_prefix(*, actor: Actor, prefix: str) -> CompanyPrefix:
    """Record a GS1 company prefix that the organisation holds; a second time changes nothing.

    Raises:
        Forbidden: without `organisation.edit`.
        Invalid: `prefix_malformed`; `prefix_restricted` for numbers GS1 keeps for internal use.
        PrefixClaimed: another organisation holds it, or one that begins with it or that it begins
            with: each number must belong to one organisation.
    """
    actor.require(Right.ORGANISATION_EDIT)
    text = prefix.strip()
    if not _PREFIX.match(text):
        raise Invalid("prefix_malformed", place="company_prefix")
    # GS1 General Specifications 1.4.3: 02, 04 and 20 to 29 are for restricted circulation.
    if text.startswith(("02", "04", "2")):
        raise Invalid("prefix_restricted", place="company_prefix", prefix=text)
    shorter = [text[:length] for length in range(4, len(text))]
    own = CompanyPrefix.objects.filter(organisation_id=actor.organisation_id, prefix=text).first()
    if own is not None:
        return own
    others = CompanyPrefix.objects.exclude(organisation_id=actor.organisation_id)
    if (
        others.filter(prefix__startswith=text).exists()
        or others.filter(prefix__in=shorter).exists()
    ):
        raise PrefixClaimed(place="company_prefix", prefix=text)
    stored = CompanyPrefix.objects.create(prefix=text, organisation=actor.organisation)
    actor.audit(
        "prefix.added",
        kind="company_prefix",
        object_id=text,
        changes=difference({}, {"prefix": text}),
    )
    return stored


@transaction.atomic()
def remove_company_prefix(*, actor: Actor, prefix: str) -> None:
    """Forget a company prefix.

    Raises:
        Forbidden: without `organisation.edit`.
        NotFound: the organisation does not hold it.
    """
    actor.require(Right.ORGANISATION_EDIT)
    removed, _ = CompanyPrefix.objects.filter(
        organisation_id=actor.organisation_id, prefix=prefix
    ).delete()
    if not removed:
        raise NotFound(place="company_prefix")
    actor.audit(
        "prefix.removed",
        kind="company_prefix",
        object_id=prefix,
        changes=difference({"prefix": prefix}, {}),
    )
