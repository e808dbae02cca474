"""What bears a code: symbols that scanners read.

Owns: drawing symbols. Does not own: what stands in them (identifiers), sheets and printers.
"""
