"""What lineage keeps for speed: where items are, folded ahead of the question.

Owns: the stock's rows. They are never the truth: `suyuan rebuild stock` makes them anew from events
and compares.
"""

from __future__ import annotations

from django.db import models


class StockSet(models.Model):
    """The items of one shelf that are in one state at one place.

    A shelf is 65,536 neighbouring keys: a change rewrites some kilobytes, however many items there
    are. An item is in one set of its shelf.
    """

    pk = models.CompositePrimaryKey(
        "organisation_id", "shelf", "whereabouts", "location", "recalled"
    )
    organisation = models.ForeignKey(
        "tenancy.Organisation",
        models.CASCADE,
        related_name="+",
        db_index=False,  # the primary key begins with it
        db_constraint=False,
    )
    shelf = models.BigIntegerField()
    whereabouts = models.SmallIntegerField()  # number in `fold.CODES`
    location = models.BigIntegerField()  # key of the place, -1 unknown
    recalled = models.BooleanField()
    count = models.IntegerField()  # before the set: sums then read no more than the row's head
    items = models.BinaryField()


class StockMark(models.Model):
    """Up to which event the stock of an organisation has been folded."""

    organisation = models.OneToOneField(
        "tenancy.Organisation", models.CASCADE, primary_key=True, related_name="+"
    )
    at_seq = models.BigIntegerField(default=0)
    # Counts writes: whoever folded before another's write has to fold again.
    version = models.BigIntegerField(default=0)
    refreshed_at = models.DateTimeField(null=True)
