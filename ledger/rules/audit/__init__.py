"""Proves the history of a ledger; one engine for `audit` and for a server's `guard`. Knows git only through `repo.archive`."""
