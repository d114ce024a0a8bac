"""The two objects everything in this package hangs on: the Socket.IO shell and the namespace /board.

They exist at import, so that features can register handlers; `init_app` (in the package) gives them an app.
"""

from flask_socketio import SocketIO

from app.realtime.namespace import BoardNamespace

socketio = SocketIO()
namespace = BoardNamespace()
socketio.on_namespace(namespace)
