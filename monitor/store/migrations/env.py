"""Migrations run by monitor.store.schema alone, on the connection and in the transaction that it hands over."""
