// Speaks to the REST interface: JSON in and out, the CSRF token, and errors as one kind of object.
// Knows no feature and touches no page, except that an ended session leads to the sign-in page.

const REQUEST_TIMEOUT_MS = 15_000;
const NO_ANSWER = "The server does not answer. Check the connection and try again.";
let csrf = globalThis.document?.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** A refusal as the server explains it (problem+json), or code "network" when there was no answer. */
export class ApiError extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.code = problem.code;
    this.status = problem.status;
    this.errors = problem.errors ?? [];
    this.current = problem.current;
    this.retryAfter = problem.retryAfter;
  }
}

export const get = (path, options) => request("GET", path, undefined, options);
export const post = (path, body = {}, options) => request("POST", path, body, options);
export const put = (path, body) => request("PUT", path, body);
export const patch = (path, body) => request("PATCH", path, body);
export const remove = (path) => request("DELETE", path);

export const csrfToken = () => csrf;

/** Asks who is signed in and takes the fresh CSRF token with the answer. */
export async function refreshSession() {
  const session = await send("GET", "/api/session");
  csrf = session.csrfToken ?? csrf;
  return session;
}

/** Only a path of this site may follow; the sign-in page checks it again. */
export function goToSignIn() {
  const next = location.pathname + location.search + location.hash;
  location.assign(`/login?next=${encodeURIComponent(next)}`);
}

async function request(method, path, body, options) {
  try {
    return await send(method, path, body, options);
  } catch (error) {
    if (error.code === "not_signed_in") goToSignIn();
    if (error.code !== "csrf_failed") throw error;
    await refreshSession();
    return send(method, path, body, options);
  }
}

async function send(method, path, body, { signal, keepalive, timeout: limit = REQUEST_TIMEOUT_MS } = {}) {
  const timeout = AbortSignal.timeout(limit);
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method, headers, keepalive, credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({ code: "network", status: 0, title: NO_ANSWER });
  }
  return read(response);
}

async function read(response) {
  const text = await response.text();
  const body = parse(text);
  if (response.ok) return body;
  const unexplained = { code: "unexpected", status: response.status, title: `The server answered ${response.status}.` };
  throw new ApiError(body?.code ? body : unexplained);
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
