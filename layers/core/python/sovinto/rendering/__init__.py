"""Facts turned into what people read: letters (Typst), messages and pages (Jinja2)."""
