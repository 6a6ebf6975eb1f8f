"""One hundred craftsmen: nominated, judged, named, and at work for others."""
