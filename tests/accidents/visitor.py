"""A page in a process of its own, to be frozen or killed: python -m tests.accidents.visitor URL EMAIL BOARD

Joins the board, says so on its standard output, and stays until its standard input ends.
"""

import sys

from tests.support.socket_client import connect


def main(url: str, email: str, board_id: str) -> None:
    page = connect(url, email)
    assert page.emit("join_board", {"boardId": board_id})["ok"]
    print("joined", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
