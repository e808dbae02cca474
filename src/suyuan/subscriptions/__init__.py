"""Subscriptions: events sent to partners as they come, or on a schedule."""
