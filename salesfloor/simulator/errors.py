"""How Lightspeed refuses."""

from http import HTTPStatus


class ApiError(Exception):
    """Becomes `{"httpCode", "httpMessage", "message", "errorClass"}`, every value a string."""

    def __init__(
        self,
        status: int,
        message: str,
        error_class: str = "Exception",
        *,
        keep: bool = False,
        extra: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.error_class = error_class
        self.keep = keep
        """What the request wrote before it failed stays written (Lightspeed does that to sales)."""
        self.extra = extra or {}
        self.headers = headers or {}

    def body(self) -> dict[str, str]:
        return {
            "httpCode": str(self.status),
            "httpMessage": HTTPStatus(self.status).phrase,
            "message": self.message,
            "errorClass": self.error_class,
            **self.extra,
        }


class OAuthError(Exception):
    """Becomes `{"error", "error_description", "hint", "message"}`."""

    # A failed attempt counts, and a code tried is a code used.
    keep = True

    def __init__(self, status: int, error: str, description: str, hint: str = "") -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description
        self.hint = hint

    def body(self) -> dict[str, str]:
        return {
            "error": self.error,
            "error_description": self.description,
            "hint": self.hint,
            "message": self.description,
        }


def not_found(name: str, key: object) -> ApiError:
    return ApiError(404, f"Object of type '{name}' not found with primary ID '{key}'.")
