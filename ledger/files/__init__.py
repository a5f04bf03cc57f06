"""The files of a ledger: their layout, reading and writing, the lock, and the caches of what was read."""
