"""The Django base that every domain stands on.

Owns: tenant-scoped models, identifiers of rows, error classes, the clock, bulk writing.
Does not own: any business word.
"""
