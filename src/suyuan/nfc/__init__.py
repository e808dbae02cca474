"""NFC chips: their keys, their counters, what a tap proves.

Owns: key profiles and their versions, sealed; the table of public tap addresses; chips and the
counters by which a replay is told; files for encoders and what encoders report back.
Does not own: the chips' cryptography (core.nfc), which unit a chip leads to (carriers), verdicts
(verification).
Invariant: of any number of uses of one message, exactly one finds its counter new.
"""
