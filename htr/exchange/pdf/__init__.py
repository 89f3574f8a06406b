"""ALTO pages and their images into searchable PDF/A."""
