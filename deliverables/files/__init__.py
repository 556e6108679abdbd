"""What lies on the disk: put in place whole, named, told apart, and what the system refuses."""
