"""Deletes the embedded database: `make reset`. The next `make run` starts with fresh demo data.

Never touches a database named by DATABASE_URL.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import embedded
from config import load_settings


def main() -> None:
    data_dir = load_settings().workhub_data_dir
    try:
        embedded.remove(data_dir)
    except BlockingIOError:
        sys.exit("WorkHub is running and uses the database: stop it first (Ctrl-C where it runs).")
    print(f"The database in {data_dir}/postgres is gone; `make run` makes a new one with demo data.")


if __name__ == "__main__":
    main()
