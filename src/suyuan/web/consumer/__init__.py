"""The consumer's page and the GS1 Digital Link resolver.

Owns: the addresses below /01/ and /00/, what they show, in which language and how fast.
Does not own: verdicts (verification), recall cases and complaints (their domains).
Invariant: these pages set no cookie, ask for no session, and need no script.
"""
