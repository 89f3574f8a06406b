"""What is learned from and measured against pages that people have transcribed."""
