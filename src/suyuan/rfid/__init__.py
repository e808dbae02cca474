"""RFID: which tag's EPC stands for which item.

Owns: tag ranges, which give an order's items numeric tag serials, or say that its tags bear the
items' own; reading EPCs, one or thousands, as items and units of an organisation.
Does not own: the bits (core.identifiers.binary), single tags and replacements (carriers), readers
and docks (docks), printing (printing).
Invariant: a tag serial of a product is given once and never again; an EPC leads to one item.
"""
