"""From one page's image to its ALTO: load, segment, recognise, assemble, write."""
