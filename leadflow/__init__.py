"""LeadFlow: a self-hosted, multi-tenant lead management automation platform."""
