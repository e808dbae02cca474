"""Organisations, people, roles, tokens and the audit trail.

Owns: who may do what, and the record of who did it.
Does not own: sessions and passwords (django-allauth).
Invariant: what belongs to another organisation looks like what does not exist.
"""
