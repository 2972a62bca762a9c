"""API endpoints: functions, their registration with Gradio, and code snippets."""
