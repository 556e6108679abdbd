"""What is counted and told: money, days, identifiers, figures with their origin, problems."""
