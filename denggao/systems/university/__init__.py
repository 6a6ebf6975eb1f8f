"""The industry online university: schools, what they teach, and how courses are written, published, lent and carried."""
