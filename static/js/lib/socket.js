// The socket of the board namespace, and questions over it that always get an answer or an error.
import { io } from "/static/vendor/socket.io/socket.io.esm.min.js";
import { ApiError, csrfToken } from "./api.js";

const ACK_TIMEOUT_MS = 8_000;

/** Not connected yet: Connection decides when. WebSocket only, because it needs no sticky sessions. */
export function boardSocket() {
  return io("/board", {
    transports: ["websocket"],
    reconnection: false,
    autoConnect: false,
    timeout: ACK_TIMEOUT_MS,
    auth: (answer) => answer({ csrf: csrfToken() }),
  });
}

/** Emits and waits for the acknowledgement; throws ApiError when it is a refusal or does not come. */
export async function ask(socket, event, payload) {
  let answer;
  try {
    answer = await socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, payload);
  } catch {
    throw new ApiError({ code: "network", status: 0, title: "The server does not answer." });
  }
  if (!answer?.ok) throw new ApiError(answer?.error ?? { code: "unexpected", status: 0, title: "The server refused." });
  return answer;
}
