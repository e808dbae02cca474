"""Capture EPCIS events.

Owns: capture jobs, stored events, keys of identities, the trace index, capture idempotency.
Does not own: parsing (core.epcis), folded state (lineage).
"""
