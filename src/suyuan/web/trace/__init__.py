"""The trace screens: an item, a logistic unit, a lot, the events that tell of them.

Owns: what these screens join from lineage, capture, masterdata, quality, recalls, verification.
Does not own: the answers themselves (lineage), drawing (web.drawing), words (web.vocabulary).
"""
