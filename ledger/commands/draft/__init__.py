"""Drafts of commitments: `material` makes them, `compose` keeps the rules of the plan, `review` and `sheet` are the ways to confirm them."""
