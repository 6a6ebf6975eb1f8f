"""The teachers of all bases in one pool: whose they are, what they may teach until when, who asks whom."""
