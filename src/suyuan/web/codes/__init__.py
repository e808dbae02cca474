"""The screens of codes: read them back from a picture, take a picture of one.

Owns: what these screens join from the decoder, verification, issuing and the trace pages.
Does not own: drawing and reading symbols (core.carriers), labels (web.labels, web.printing).
"""
