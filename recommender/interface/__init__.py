"""Web interface: the page, the API and the MCP tools; the only part that knows of Gradio."""
