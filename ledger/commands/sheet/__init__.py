"""The sheet a clerk fills in: what stands on it (`blank`), and what a filled one means (`take`). Knows no office format."""
