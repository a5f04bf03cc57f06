"""The command line: each function parses, calls one action and renders the answer; no logic lives here.

Whatever costs start-up time is imported inside the functions, so that a command loads only what it uses.
"""
