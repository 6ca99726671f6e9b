"""Who a client's user is: Amazon Cognito."""

from __future__ import annotations

import base64
import json
from typing import Any

from botocore.exceptions import ClientError

from sovinto.errors import NotAllowed
from sovinto.ids import ClientId

_WRONG = {"NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException"}


class UserPool:
    """Signs a user in and tells which client the user belongs to."""

    def __init__(self, client: Any, app_client_id: str) -> None:
        self._client = client
        self._app = app_client_id

    def sign_in(self, username: str, password: str) -> ClientId:
        """One sentence for every failure, so that nobody learns which names exist. Raises NotAllowed."""
        refused = NotAllowed("the name or the password is wrong", field="password")
        if not username or not password:
            raise refused
        try:
            answer = self._client.initiate_auth(
                AuthFlow="USER_PASSWORD_AUTH",
                ClientId=self._app,
                AuthParameters={"USERNAME": username, "PASSWORD": password},
            )
        except ClientError as failure:
            if failure.response["Error"]["Code"] in _WRONG:
                raise refused from failure
            raise
        result = answer.get("AuthenticationResult")
        if result is None:
            raise NotAllowed("a new password must be set first; use the link in your invitation")
        return ClientId(str(_claims(result["IdToken"])["custom:client_id"]))


def _claims(token: str) -> dict[str, Any]:
    """The pool itself just handed us this token over TLS, so its signature adds nothing here."""
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
