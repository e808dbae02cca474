"""What happens to goods on their way: packing, shipping, receiving, parcels, returns.

Owns: the verbs of logistics as standard EPCIS events, and the texts by which such events name
orders, waybills, parcels and regions.
Does not own: how events are kept (capture), the numbers of logistic units (issuing).
"""
