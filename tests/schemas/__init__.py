"""The files under `docs/` that describe what crosses the edge, generated from the models.

`python -m tests.schemas` writes them.
"""
