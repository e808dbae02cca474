"""Code orders and batches.

Owns: which ranges of serials were issued, for what lot, and their activation.
Does not own: numbering keys (masterdata), labels.
"""
