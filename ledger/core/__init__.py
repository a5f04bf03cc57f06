"""The domain: exact arithmetic over immutable values, without disk, clock, git or terminal."""
