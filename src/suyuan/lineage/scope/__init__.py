"""What is affected, how sure that is, why, and where it is now.

Owns: the scope of a recall. The rules are written down in docs/algorithms/scope.md.
Does not own: acting on it (recalls).
"""

from suyuan.lineage.scope.answer import scope, why

__all__ = ["scope", "why"]
