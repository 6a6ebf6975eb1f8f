"""The plan's goals, one room each; siblings never import each other."""
