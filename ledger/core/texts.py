"""Tests on texts that people write."""


def has_words(text: str | None) -> bool:
    """Whether a text can be read: it has a letter or a digit, not only blanks and invisible characters."""
    return any(map(str.isalnum, text or ""))
