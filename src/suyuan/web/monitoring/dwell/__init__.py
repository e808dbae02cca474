"""Where time goes: a picture, the figures behind it, the items behind those."""
