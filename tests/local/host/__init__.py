"""A Functions host for one machine: it runs a `function_app.py` as Azure would, without Azure.

It reads the triggers from the app, receives from the bus, keeps the timers and serves HTTP, and
hands each call to the app with the converters of the azure-functions library, as Microsoft's worker
does.

It proves how the app takes what a host gives it. It does not prove scaling, cold starts, Microsoft
Entra, nor any binding but the three triggers above: one that it does not play stops it at the
start.
"""
