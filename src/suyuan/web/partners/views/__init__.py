"""Views of partners' pages: the brand's in brand, access, sharing, sandbox; the partner's else."""
