"""Craftsman studios 工匠工作室: how one is founded in an employer, what it does, how it is evaluated, and their alliance."""
