"""Pages of RFID: tag ranges, reading and writing EPCs."""
