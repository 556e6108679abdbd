"""Scripts that serve the repository; the package does not need them."""
