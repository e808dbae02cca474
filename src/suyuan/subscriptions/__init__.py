"""Subscriptions: stored queries, and what is told to whom when events arrive."""
