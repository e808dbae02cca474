"""Carriers bound to items: which code, tag or chip leads to which item, and since when.

Owns: bindings of carriers to items and logistic units, their reasons and their history.
Does not own: the codes that a unit's own identity is printed as (issuing), the keys of chips
(nfc), numbers given to tags by the range (rfid), what happens to units (lineage).
Invariant: a value of a kind leads to one unit at a time; what ended stays on record.
"""
