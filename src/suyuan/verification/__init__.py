"""The consumer's scan and its verdict.

Owns: scans, verdicts, the limits on asking.
Does not own: pages (web), history (lineage).
"""
