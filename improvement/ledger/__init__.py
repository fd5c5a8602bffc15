"""The problem ledger beside its rows: the table of steps, the list with its filters, its words."""
