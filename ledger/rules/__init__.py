"""Rules over a ledger: checks of its files, the audit of its history, permissions."""
