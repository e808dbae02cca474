"""Packages of codes for print houses, and what comes back from them.

Owns: the package's file, rolls, passwords, lists of used and spoiled codes.
Does not own: which codes are free and which are withdrawn (issuing), labels printed here
(printing).
"""
