"""NFC chips: their keys, their counters, what a tap proves."""
