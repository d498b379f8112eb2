"""React components of our own: the only JavaScript in LeadFlow, one short file per thing."""
