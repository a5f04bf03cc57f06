"""Tables outside the ledger: what is exported, how it lies in files, and exact sums over many ledgers."""
