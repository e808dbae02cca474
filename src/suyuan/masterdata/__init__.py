"""Products, materials, parties, locations and lots.

Owns: what is bought, made and moved, and where; numbering keys of products.
Does not own: events (capture); code orders (issuing).
"""
