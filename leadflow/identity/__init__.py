"""Identity: who you are. Accounts, passwords, sessions, API keys."""
