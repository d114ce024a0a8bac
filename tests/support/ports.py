"""Free ports, for servers that tests start: many at once, in several processes."""

import socket


def free_port() -> int:
    """Nobody else gets it for a minute: the kernel keeps a port with a connection that just ended to itself.

    A server may still listen on it (SO_REUSEADDR). Without this, of many tests and their connections at once
    one takes the port of another before the other's server has started.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as visitor:
            listener.accept()[0].close()  # the side that closes first keeps the port
            visitor.recv(1)
        port: int = listener.getsockname()[1]
        return port
