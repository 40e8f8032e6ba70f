"""The record of runs in Azure Table Storage."""

from shared.store.table import TableStore, client_options

__all__ = ["TableStore", "client_options"]
