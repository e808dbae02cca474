"""Print houses: packages of codes sent out, and what came back used or spoiled."""
