"""Consumers' scans and their verdicts.

Owns: the verdict on a code, scans, how often an item was looked at, what of a history is public,
limits on asking for codes that do not exist.
Does not own: which codes were issued (issuing), what happened to an item (lineage), the notice of
a recall (recalls), pages (web).
Invariant: of any two devices, exactly one is the first to look at an item.
"""
