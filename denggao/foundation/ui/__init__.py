"""The design system: base pages, components, icons, forms, tables, htmx helpers."""
