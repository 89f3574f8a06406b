"""How good a transcription is, measured against what people have transcribed."""
