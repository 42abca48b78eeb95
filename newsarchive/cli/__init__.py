"""The command line: one file a command, no business logic; nothing heavy is imported before a command runs."""
