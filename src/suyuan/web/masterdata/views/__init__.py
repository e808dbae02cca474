"""Views of masterdata, by what a person does: rows, products and pictures, exchange."""
