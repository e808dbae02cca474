"""Printing: printers, jobs, what was printed on which label and by whom.

Owns: printers; jobs with state and progress, which go on after an interruption; records of what
was printed, void and printed again.
Does not own: designs and templates (core.labels, labels), which positions of an order are claimed
and which codes are withdrawn (issuing), tag numbers (rfid).
Invariant: no position of an order is on two standing labels unnoticed. A job claims its positions
in the transaction that makes it; a label in doubt is shown to a person, never printed again
silently; printing again voids the label before.
"""
