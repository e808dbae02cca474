"""Pages of suppliers' scorecards."""
