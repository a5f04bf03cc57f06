"""What a reason must say, wherever one is asked for."""


def says_something(reason: str | None) -> bool:
    """Whether a reason can be read: it has a letter or a digit, not only blanks and invisible characters."""
    return any(map(str.isalnum, reason or ""))
