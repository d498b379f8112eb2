"""What an organization uses of its installation."""
