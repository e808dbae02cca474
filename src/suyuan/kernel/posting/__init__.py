"""Send signed messages to addresses that others have named.

Owns: which machines may be reached, one connection with its time limit, the signature.
Does not own: what is sent, when, and when again (subscriptions, recalls).
"""
