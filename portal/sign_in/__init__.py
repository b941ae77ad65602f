"""Coming in: by the link in a letter, by its short code, by signing in; and going out."""
