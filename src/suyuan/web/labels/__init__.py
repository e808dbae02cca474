"""Screens of the label designer."""
