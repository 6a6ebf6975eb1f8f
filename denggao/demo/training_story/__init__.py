"""How the demo region came to its training bases: a room for each part of the way."""
