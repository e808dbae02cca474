"""Inspection reports and complaints.

Owns: what was tested, by whom, with what result; what consumers complained of.
Does not own: recall cases (recalls).
"""
