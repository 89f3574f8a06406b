"""Files to upright page images: photographs, scans, multi-page TIFF, PDF; and their limits."""
