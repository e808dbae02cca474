"""Code orders, batches, activation, numbers of logistic units.

Owns: which ranges of serials were issued and for what lot, which parts of them are active or
packed, the numbers of orders and of logistic units, opening a batch with what went into it.
Does not own: numbering keys (masterdata), how events are kept (capture), labels.
Invariant: no index of a product is issued twice; a code order costs one row, however large.
"""
