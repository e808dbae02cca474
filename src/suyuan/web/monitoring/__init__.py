"""Screens over the whole chain: suppliers, where time goes, what is in stock."""
