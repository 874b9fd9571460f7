"""What goes over the wire: parameters, documents and their description in OpenAPI."""
