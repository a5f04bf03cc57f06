"""Tables outside the ledger: what is exported, how it lies in files, and the SQL that adds up many ledgers; judges nothing."""
