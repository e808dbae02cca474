"""Lists of used and spoiled codes that come back: read, matched, told.

Owns: what a line may say, and which lines do not fit.
Does not own: applying a list (services.returns).
"""
