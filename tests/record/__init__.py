"""Attacks on the record of a run: the real flows over a world in which everything goes wrong.

The promises of the app are checked after every death of a handler, every interleaving of two, and
storms of many.
"""
