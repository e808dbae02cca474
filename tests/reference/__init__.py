"""A second telling of lineage, slow and plain, that the engine must agree with.

Owns: the rules of `docs/algorithms/scope.md`, item by item, over events as documents.
Does not own: anything fast. Nothing here imports `suyuan`, so no mistake is shared.
"""
