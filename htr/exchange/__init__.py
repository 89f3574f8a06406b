"""ALTO files out to the formats of other systems, and others' files in as ALTO."""
