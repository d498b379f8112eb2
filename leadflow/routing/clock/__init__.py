"""Speed to lead: until when somebody gets in touch, who is asked next, and how long it took."""
