"""Pages of process: recording by hand what happened to goods."""
