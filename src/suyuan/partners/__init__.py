"""Partners: who sees and sends which events."""
