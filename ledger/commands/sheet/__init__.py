"""The sheet a clerk fills in: what stands on it (`blank_sheet`), and what a filled one means (`import_sheet`)."""
