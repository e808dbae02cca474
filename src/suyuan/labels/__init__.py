"""Label templates: what a label shows, in versions, and the logos on it.

Owns: templates, their versions, logos; ready-made starts; the values of an example label.
Does not own: what a design may say and how it is drawn (`core.labels`); printing (`printing`).
Invariant: a version never changes once it is saved, so that a printing job names for ever what
it printed.
"""
