"""Pages of the bases, by who looks at them."""
