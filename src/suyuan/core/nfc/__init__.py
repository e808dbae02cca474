"""NFC chips, as far as paper describes them: their messages, keys, records and settings.

Owns: SUN messages of NTAG 424 DNA in AES and LRP mode, key diversification (AN10922), NDEF records,
what the tamper loop says, the file settings of a link.
Does not own: which chips there are, their keys and counters (nfc); what a tap means for the goods
(verification).
"""
