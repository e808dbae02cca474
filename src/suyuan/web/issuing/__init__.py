"""Pages of issuing: code orders, batches, numbering keys, QR codes."""
