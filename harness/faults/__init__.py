"""What is changed on purpose, and how it is undone."""
