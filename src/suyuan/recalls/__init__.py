"""Recall cases.

Owns: cases, their frozen scope, the hold that they put on goods.
Does not own: finding what is affected (lineage).
"""
