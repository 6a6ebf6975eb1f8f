"""The signed-in home by role: worklist and search."""
