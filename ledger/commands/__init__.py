"""The commands: each module does what one command does and returns the result; `cli` calls it and `render` prints it."""
