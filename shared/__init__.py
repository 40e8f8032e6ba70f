"""Jobrelay: run machine-learning jobs in Azure from messages."""
