"""Measurements of the running server against a bare Flask-SocketIO one.

Start with `python -m bench` (board sockets) or `python -m bench.page` (the board page in a browser).
Nothing here is imported by the application.
"""
