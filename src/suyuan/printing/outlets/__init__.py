"""Where labels go: files in the data folder, and printers on the network."""
