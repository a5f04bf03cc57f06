"""One module per answer: turns an action's dataclass into a view. Knows words and columns, no stream and no rich."""
