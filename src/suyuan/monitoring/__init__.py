"""What the records say of the chain as a whole: suppliers' scorecards, where time goes.

Owns: answers about many items, joined from what domains below know. Stores nothing.
Does not own: the history of one item (lineage), cases (recalls), complaints (quality).
"""
