"""The command line: a file a command; each parses, calls one thing, prints."""
