"""Pages of recalls: look at a scope, open a case, follow it."""
