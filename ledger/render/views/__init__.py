"""Views of answers, one module per command: the words and columns for a command's result, independent of the format."""
