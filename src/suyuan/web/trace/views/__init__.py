"""Views of the trace screens, one module for each kind of page."""
