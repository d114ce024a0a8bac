"""Domain errors: a stable code, a title, an HTTP status and a sentence that says how to mend it.

Knows neither Flask nor sockets: both edges turn an error into the same problem object (RFC 9457).
"""

from typing import Any, ClassVar


class WorkHubError(Exception):
    """Something the caller can understand and mostly mend."""

    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 500

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra = extra

    def to_problem(self) -> dict[str, Any]:
        problem = {"type": f"/problems/{self.code}", "code": self.code, "title": self.title}
        return {**problem, "status": self.status, "detail": self.detail, **self.extra}


class InvalidJson(WorkHubError):
    code, title, status = "invalid_json", "The request is not valid JSON", 400


class InvalidInput(WorkHubError):
    """`errors` is a list of {field, message}."""

    code, title, status = "invalid_input", "Some values are not valid", 422

    def __init__(self, detail: str = "", errors: list[dict[str, str]] | None = None) -> None:
        errors = errors or []
        super().__init__(detail or "; ".join(f"{e['field']}: {e['message']}" for e in errors), errors=errors)

    @classmethod
    def at(cls, field: str, message: str) -> "InvalidInput":
        return cls(errors=[{"field": field, "message": message}])


class NotSignedIn(WorkHubError):
    code, title, status = "not_signed_in", "Please sign in", 401


class InvalidToken(WorkHubError):
    """Whether it is unknown, expired or revoked is told to nobody."""

    code, title, status = "invalid_token", "This access token is not valid", 401


class InsufficientScope(WorkHubError):
    """`scope` is the one that is missing."""

    code, title, status = "insufficient_scope", "This access token does not reach that far", 403

    def __init__(self, scope: str) -> None:
        super().__init__(f"It needs the scope {scope}.", scope=scope)


class SessionRequired(WorkHubError):
    code, title, status = "session_required", "Access tokens cannot do that; sign in with a browser", 403


class InvalidCredentials(WorkHubError):
    code, title, status = "invalid_credentials", "The e-mail address or the password is not right", 401


class CsrfFailed(WorkHubError):
    code, title, status = "csrf_failed", "The page has expired; reload it and try again", 403


class OriginNotAllowed(WorkHubError):
    code, title, status = "origin_not_allowed", "This address may not open a connection", 403


class Forbidden(WorkHubError):
    code, title, status = "forbidden", "You may not do that", 403


class NotFound(WorkHubError):
    """Also what a person may not see: the two must not be told apart."""

    code, title, status = "not_found", "There is nothing here", 404


class Conflict(WorkHubError):
    """`current` is the stored version, so that nobody's words are lost."""

    code, title, status = "conflict", "Someone else changed this meanwhile", 409


class LastHead(WorkHubError):
    code, title, status = "last_head", "A board needs at least one head", 409


class PayloadTooLarge(WorkHubError):
    code, title, status = "payload_too_large", "That is more than fits into one message", 413


class TooManyRequests(WorkHubError):
    """`retryAfter` is in whole seconds."""

    code, title, status = "too_many_requests", "Too many tries; please wait a moment", 429

    def __init__(self, retry_after: int, detail: str = "") -> None:
        super().__init__(detail or f"Please try again in {retry_after} s.", retryAfter=retry_after)


class Unavailable(WorkHubError):
    code, title, status = "unavailable", "The database does not answer; nothing was changed", 503
