"""Pages of printing: jobs, printers, void labels."""
