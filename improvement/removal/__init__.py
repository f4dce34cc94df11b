"""Words that lead to a person: what holds them, and what stands in their place."""
