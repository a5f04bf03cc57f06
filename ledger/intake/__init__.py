"""Reads the plans that arrive from outside, table or text, within bounds; knows nothing of what the words mean."""
