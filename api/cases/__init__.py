"""What people bring in: incidents recorded, disputes decided."""
