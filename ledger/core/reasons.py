"""What a reason must say, wherever one is asked for."""


def says_something(reason: str | None) -> bool:
    """Whether a reason can be read: it has a letter or a digit, and is not made of blanks or of what nobody sees."""
    return any(map(str.isalnum, reason or ""))
