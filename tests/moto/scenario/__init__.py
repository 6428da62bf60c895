"""The organisation that live tests audit: one module per kind of resource."""
