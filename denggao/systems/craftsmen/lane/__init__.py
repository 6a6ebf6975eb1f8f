"""The fast lane: a craftsman’s file carried over to the city’s selections without retyping."""
