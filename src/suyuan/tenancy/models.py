"""Organisations, people, memberships, grants, invitations, tokens, number series, audit entries."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from suyuan.kernel.models import TenantModel


class Organisation(models.Model):
    """A tenant: a brand, or a firm that works for brands."""

    slug = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    # Numbers restricted-circulation GTINs, so that two brands without a prefix never share one.
    company_number = models.PositiveIntegerField(unique=True)
    # Where the partners of another organisation try what they send; deleted whole, as it came.
    sandbox_of = models.OneToOneField("self", models.CASCADE, null=True, related_name="sandbox")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.slug

    def name(self, language: str) -> str:
        """Return the name in `language`, or the Chinese one."""
        return self.name_en if language == "en" and self.name_en else self.name_zh

    @property
    def urn_slug(self) -> str:
        """What stands for it in its own URNs; a sandbox reads and writes those of its brand."""
        brand = self.sandbox_of if self.sandbox_of_id else None
        return self.slug if brand is None else brand.slug


class CompanyPrefix(models.Model):
    """A GS1 company prefix held by an organisation; its length divides EPC URNs."""

    # One of the few global tables: GS1 gives a prefix to one firm, and so do we.
    prefix = models.CharField(max_length=12, primary_key=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="prefixes")

    def __str__(self) -> str:
        """Show the digits."""
        return self.prefix


class UserManager(BaseUserManager["User"]):
    """Make people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a person with a hashed password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person, who may belong to several organisations."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        """Name a person as colleagues know them."""
        return self.name or self.email


class Membership(TenantModel):
    """A person's place in an organisation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20)
    holder = models.BigIntegerField(null=True)  # the partner that the person speaks for
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "user"], name="membership_once")
        ]


class RoleGrant(TenantModel):
    """A right that a role has in an organisation."""

    role = models.CharField(max_length=20)
    right = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "role", "right"], name="grant_once")
        ]


class Invitation(TenantModel):
    """An open invitation; only a hash of its token is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=20)
    holder = models.BigIntegerField(null=True)  # the partner that the person will speak for
    token_hash = models.CharField(max_length=64)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "token_hash"], name="invitation_token")
        ]


class ApiToken(TenantModel):
    """A machine's key: shown once, stored as a hash, limited to scopes (rights)."""

    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=8)
    token_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    holder = models.BigIntegerField(null=True)  # the partner that it speaks for
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "token_hash"], name="token_hash_once")
        ]


class NumberSeries(TenantModel):
    """The next number of a series: `order:2026`, `sscc:0952123`, `CP-2026`, `gtin`."""

    name = models.CharField(max_length=40)
    next = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="number_series_once")
        ]

    def __str__(self) -> str:
        """Name it as its takers do."""
        return self.name


class AuditIsAppendOnlyError(TypeError):
    """A programming error: something tried to change or remove an audit entry."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Entries can be added and read."""

    def update(self, **_kwargs: Any) -> int:
        """Refuse: the trail is append-only."""
        raise AuditIsAppendOnlyError("update")

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> int:
        """Refuse: the trail is append-only."""
        raise AuditIsAppendOnlyError("bulk_update")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: the trail is append-only."""
        raise AuditIsAppendOnlyError("delete")


class AuditEntry(TenantModel):
    """Who changed what, when; never updated or deleted.

    `changes` maps a field to [before, after].
    """

    at = models.DateTimeField()
    # "user:" and the longest e-mail address.
    actor = models.CharField(max_length=260)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=260)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects: ClassVar[models.Manager[AuditEntry]] = AuditQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-at"], name="audit_recent"),
            models.Index(fields=["organisation", "actor", "-at"], name="audit_by_actor"),
            models.Index(
                fields=["organisation", "object_kind", "object_id", "-at"], name="audit_by_object"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; an entry that is stored already is refused."""
        if not self._state.adding:
            raise AuditIsAppendOnlyError("save")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: the trail is append-only."""
        raise AuditIsAppendOnlyError("delete")
