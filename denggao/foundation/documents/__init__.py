"""PDF from templates, Chinese fonts, codes, pages as pictures."""
