"""Benefits a title may bring: points, years to hukou, settlement; a help to reckon, an application, its outcome."""
