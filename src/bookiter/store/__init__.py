"""What is kept: files written whole or not at all, git, runs, histories."""
