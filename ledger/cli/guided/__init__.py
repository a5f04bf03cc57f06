"""Guided entry of a department's month at a terminal: one open target at a time, its effect shown before it is written.

Only questions and answers: figures are read by `ledger.core.reading` and checked by `ledger.rules.gate`, as everywhere.
"""
