"""Gradio patches: private parts of Gradio 6.31 that act otherwise on this server.

Each has a test that fails when Gradio no longer has the part, or no longer uses it. Nothing is
imported here: `stubs` must be at hand before Gradio is.
"""
