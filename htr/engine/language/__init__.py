"""Reading with a language model: texts are weighed by what is likely to be written, too."""
