"""Screens of carriers: what leads to which item, binding, replacing, releasing."""
