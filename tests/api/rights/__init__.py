"""Every cell of the table of rights, asked over HTTP."""
