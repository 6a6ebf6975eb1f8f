"""How sixty craftsmen of the demo region were nominated, judged and named: a room for each part of the way."""
