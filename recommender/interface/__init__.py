"""The page and the API: the only part of the program that knows of Gradio."""
