"""Screens of NFC chips: profiles and their keys, chips, files for encoders, the tester."""
