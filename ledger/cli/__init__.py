"""The command line: each command parses its words, calls `ledger.commands` and renders the answer.

What costs start-up time is imported inside the functions, so that a command loads only what it uses.
"""
