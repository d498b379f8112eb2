"""Pages that the server renders itself: doors and hosted forms. They work without JavaScript and without a session."""
