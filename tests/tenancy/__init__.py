"""Teams, roles and reach."""
