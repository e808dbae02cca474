"""Tell those who have affected goods, and count what they answer.

Owns: recipients, contacts, words, sending, answers, the public page's content.
Does not own: the decision to recall (recalls.services), what the goods' events say (lineage).
Invariant: nothing leaves before a case is approved; nothing is sent twice without a person's word.
"""
