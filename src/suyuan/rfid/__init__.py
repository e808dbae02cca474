"""RFID tags: which tag serials stand for which items."""
