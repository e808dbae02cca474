"""Products, pictures, materials, parties, locations, lots, numbering keys, publications.

Invariant: texts and codes in these rows went through `fields`; identifiers through core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from django.db import models
from django.db.models import Q

from suyuan.core.identifiers import Gtin, Identity, Scheme
from suyuan.kernel.models import TenantModel, TenantRelation
from suyuan.masterdata import regions
from suyuan.tenancy.models import Organisation

if TYPE_CHECKING:
    from suyuan.masterdata.regions import Region


class Granularity(models.TextChoices):
    """How fine a product is followed."""

    ITEM = "item"
    BATCH = "batch"


class InnerCode(models.TextChoices):
    """Whether a second code lies hidden on each item's label."""

    NONE = "none"
    SCRATCH = "scratch"  # under a layer to be scratched off


class PartyKind(models.TextChoices):
    """What a party does for the organisation."""

    SUPPLIER = "supplier"
    FACTORY = "factory"
    WAREHOUSE = "warehouse"
    SHIPPER = "shipper"
    DEALER = "dealer"
    SHOP = "shop"
    PRINTER = "printer"  # prints labels and packaging with our codes


class LocationKind(models.TextChoices):
    """What a place is used for."""

    FARM = "farm"
    FACTORY = "factory"
    LINE = "line"
    WAREHOUSE = "warehouse"
    DOCK = "dock"
    HUB = "hub"
    SHOP = "shop"
    OFFICE = "office"
    OTHER = "other"


class Position(NamedTuple):
    """Where something is drawn: degrees, and whether it is the place itself or its region."""

    latitude: float
    longitude: float
    exact: bool


def _in(language: str, zh: str, en: str) -> str:
    return (en or zh) if language.startswith("en") else (zh or en)


class _Named(models.Model):
    """Has a Chinese name, and an English one where known."""

    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def name(self, language: str) -> str:
        """Return the name in `language` (a code such as `zh-hans`), or in the other one."""
        return _in(language, self.name_zh, self.name_en)


class Record(TenantModel):
    """A row that people keep up to date."""

    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True


class Product(_Named, Record):
    """A trade item that the organisation makes (`own`) or trades."""

    gtin = models.CharField(max_length=14)
    own = models.BooleanField(default=True)  # the organisation answers for it in public
    description_zh = models.TextField(max_length=2000, blank=True)
    description_en = models.TextField(max_length=2000, blank=True)
    brand_zh = models.CharField(max_length=80, blank=True)
    brand_en = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=30)
    granularity = models.CharField(max_length=5, choices=Granularity)
    shelf_life_days = models.PositiveIntegerField(null=True)
    net_content = models.CharField(max_length=60, blank=True)
    origin_zh = models.CharField(max_length=120, blank=True)
    origin_en = models.CharField(max_length=120, blank=True)
    storage_zh = models.CharField(max_length=300, blank=True)
    storage_en = models.CharField(max_length=300, blank=True)
    inner_code = models.CharField(max_length=8, choices=InnerCode, default=InnerCode.NONE)
    inner_hint_zh = models.CharField(max_length=120, blank=True)  # where it is on the package
    inner_hint_en = models.CharField(max_length=120, blank=True)
    active = models.BooleanField(default=True)
    codes_issued = models.BooleanField(default=False)
    # The newest `SerialKey`; its id never comes back after a rollback, so caches may go by it.
    serial_key_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "gtin"], name="product_gtin_once")
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "name_zh"], name="product_name")]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.gtin

    @property
    def identity(self) -> Identity:
        """The class of all its items."""
        return Identity(Scheme.GTIN, self.gtin)

    @property
    def gtin_display(self) -> str:
        """The number as it is printed: without the zeros in front."""
        return Gtin(self.gtin).display

    @property
    def is_restricted(self) -> bool:
        """Whether its number is for restricted circulation only."""
        return Gtin(self.gtin).is_restricted

    def description(self, language: str) -> str:
        """Return the description in `language`, or in the other one."""
        return _in(language, self.description_zh, self.description_en)

    def brand(self, language: str) -> str:
        """Return the brand in `language`, or in the other one."""
        return _in(language, self.brand_zh, self.brand_en)

    def origin(self, language: str) -> str:
        """Return the origin in `language`, or in the other one."""
        return _in(language, self.origin_zh, self.origin_en)

    def storage(self, language: str) -> str:
        """Return the storage advice in `language`, or in the other one."""
        return _in(language, self.storage_zh, self.storage_en)

    def inner_hint(self, language: str) -> str:
        """Return where the hidden code is, in `language`, or in the other one."""
        return _in(language, self.inner_hint_zh, self.inner_hint_en)

    @property
    def has_inner_codes(self) -> bool:
        """Whether its items carry a hidden code beside their serial."""
        return self.inner_code == InnerCode.SCRATCH and self.serial_key_id is not None


class ProductPicture(TenantModel):
    """A picture in two sizes; the files are named by the organisation and their content."""

    product_id = models.BigIntegerField()
    product = TenantRelation(Product, "product_id", models.CASCADE)
    position = models.PositiveSmallIntegerField(default=0)
    small = models.CharField(max_length=64)
    large = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20, default="image/webp")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "product_id", "large"], name="picture_once"
            )
        ]
        # The public address has no organisation in it, only the file's name.
        indexes: ClassVar = [
            models.Index(fields=["small"], name="picture_small"),
            models.Index(fields=["large"], name="picture_large"),
        ]


class Party(_Named, Record):
    """A firm that the organisation works with."""

    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=PartyKind)
    gln = models.CharField(max_length=13, blank=True)
    address = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "code"], name="party_code_once"),
            models.UniqueConstraint(
                fields=["organisation", "gln"], condition=~Q(gln=""), name="party_gln_once"
            ),
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.code

    @property
    def identifier(self) -> str:
        """The text that stands for it in events."""
        if self.gln:
            return Identity(Scheme.PGLN, self.gln).digital_link()
        return f"urn:suyuan:{self.organisation.urn_slug}:party:{self.code}"


class Location(_Named, Record):
    """A place where things happen to goods."""

    code = models.CharField(max_length=40)
    party_id = models.BigIntegerField(null=True)
    party = TenantRelation(Party, "party_id", models.PROTECT, null=True)
    gln = models.CharField(max_length=13, blank=True)
    kind = models.CharField(max_length=10, choices=LocationKind)
    region = models.CharField(max_length=6, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "code"], name="location_code_once"),
            models.UniqueConstraint(
                fields=["organisation", "gln"], condition=~Q(gln=""), name="location_gln_once"
            ),
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.code

    @property
    def identifier(self) -> str:
        """The text that stands for it in events."""
        if self.gln:
            return Identity(Scheme.SGLN, self.gln).digital_link()
        return f"urn:suyuan:{self.organisation.urn_slug}:location:{self.code}"

    @property
    def area(self) -> Region | None:
        """Its province or city, if known."""
        return regions.REGIONS.get(self.region)

    @property
    def position(self) -> Position | None:
        """Where to draw it: its own coordinates, or its region's."""
        if self.latitude is not None and self.longitude is not None:
            return Position(self.latitude, self.longitude, exact=True)
        if area := self.area:
            return Position(area.latitude, area.longitude, exact=False)
        return None


class Material(_Named, Record):
    """What products are made of."""

    gtin = models.CharField(max_length=14)
    code = models.CharField(max_length=40)
    uom = models.CharField(max_length=12, blank=True)
    supplier_id = models.BigIntegerField(null=True)
    supplier = TenantRelation(Party, "supplier_id", models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "gtin"], name="material_gtin_once"),
            models.UniqueConstraint(fields=["organisation", "code"], name="material_code_once"),
        ]

    def __str__(self) -> str:
        """Name it as its address does."""
        return self.code


class Lot(Record):
    """A batch of a product."""

    product_id = models.BigIntegerField()
    product = TenantRelation(Product, "product_id", models.PROTECT)
    code = models.CharField(max_length=20)
    produced_on = models.DateField()
    expires_on = models.DateField(null=True)
    line = models.CharField(max_length=60, blank=True)
    team = models.CharField(max_length=60, blank=True)
    location_id = models.BigIntegerField(null=True)
    location = TenantRelation(Location, "location_id", models.PROTECT, null=True)
    notes = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "product_id", "code"], name="lot_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "code"], name="lot_code"),
            models.Index(fields=["organisation", "-produced_on"], name="lot_recent"),
        ]

    def __str__(self) -> str:
        """Name it as its label does."""
        return self.code

    @property
    def identity(self) -> Identity:
        """The class of its items; reads the product."""
        return Identity(Scheme.LGTIN, self.product.gtin, self.code)


class MaterialLot(Record):
    """A batch of a material, as it came in."""

    material_id = models.BigIntegerField()
    material = TenantRelation(Material, "material_id", models.PROTECT)
    code = models.CharField(max_length=20)
    supplier_id = models.BigIntegerField(null=True)
    supplier = TenantRelation(Party, "supplier_id", models.PROTECT, null=True)
    produced_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    quantity = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    certificate = models.CharField(max_length=80, blank=True)
    notes = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "material_id", "code"], name="material_lot_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "code"], name="material_lot_code"),
            models.Index(fields=["organisation", "-received_on"], name="material_lot_recent"),
        ]

    def __str__(self) -> str:
        """Name it as its label does."""
        return self.code

    @property
    def identity(self) -> Identity:
        """The class of what it consists of; reads the material."""
        return Identity(Scheme.LGTIN, self.material.gtin, self.code)


class SerialKey(TenantModel):
    """A numbering key of a product, encrypted at rest; kept for ever, so that old codes read."""

    product_id = models.BigIntegerField()
    product = TenantRelation(Product, "product_id", models.PROTECT)
    version = models.PositiveIntegerField()
    key = models.BinaryField()
    # Of the hidden codes; made when the first of them is asked for, and never changed.
    inner_key = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)  # no new codes since then

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "product_id", "version"], name="serial_key_once"
            )
        ]


class Publication(models.Model):
    """Which organisation answers for a GTIN in public.

    The one table whose key does not begin with the organisation: a consumer's code says only the
    GTIN. It holds nothing but the way to the organisation (a reference table on Citus).
    """

    gtin = models.CharField(max_length=14, primary_key=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    product_id = models.BigIntegerField()
    product = TenantRelation(Product, "product_id", models.CASCADE)
    created_at = models.DateTimeField()
