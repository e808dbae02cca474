"""Screens of products, materials, parties, locations, lots; imports, exports; picture files."""
