"""Pure decisions: what completes a unit and what comes next, how work is marked, who gets a seat."""
