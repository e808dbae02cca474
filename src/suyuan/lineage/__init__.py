"""Lineage: what happened to an identity, where it is, what it came from, what came of it.

Owns: history, containment over time, genealogy, present state, the scope of a recall.
Does not own: storage of events (capture). State is folded from events, never stored.
"""
