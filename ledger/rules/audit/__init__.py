"""The proof of a ledger's history: one engine for `ledger audit` and for the guard of a server."""
