"""Server of the fashion recommender: the page, its API and its MCP tools.

Environment variables say which catalogue is searched and where it answers: see
`recommender/settings.py`.
"""

from recommender.commands.serve import program

if __name__ == "__main__":
    program()
