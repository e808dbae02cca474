"""Docks: readers, what they read, arrivals and departures."""
