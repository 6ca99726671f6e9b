"""How the sandbox refuses: a status, a stable code, one sentence and the parameter at fault."""

from __future__ import annotations

from infra.local.response import Response, json_response


class ApiError(Exception):
    """Becomes `{"error": {"code", "message", "param"}}`."""

    def __init__(self, status: int, code: str, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.param = param

    def response(self) -> Response:
        error = {"code": self.code, "message": self.message, "param": self.param}
        return json_response(self.status, {"error": error})


def invalid(param: str, rule: str) -> ApiError:
    return ApiError(422, "invalid_parameter", f"{param} {rule}", param)


def absent(kind: str) -> ApiError:
    return ApiError(404, "not_found", f"there is no such {kind}")
