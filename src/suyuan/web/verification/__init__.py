"""The back office's view of consumers' scans."""
