"""The demonstration: a brand that does not exist, with a hundred and twenty days of history.

Owns: the brand and its partners as data, the story told on a timeline, its loading.
Invariant: everything goes in by the product's own services, in one transaction: half a
demonstration is never left behind.

What is the same in every load of one day: how many rows of each kind, their numbers, codes and
lots, which goods went where. What differs: serials (numbering keys are random) and row
identifiers. Days are counted back from the load, so that the home page has something to show.
"""
