"""Papers as PDF: templates, Chinese fonts, QR codes, pages as pictures."""
