"""Who a client's user is: Amazon Cognito."""

from __future__ import annotations

import base64
import json
from typing import Any

from botocore.exceptions import ClientError

from sovinto.errors import NotAllowed
from sovinto.ids import ClientId

_MUST_CHANGE = "this user must set a new password first; ask us for one"
_WRONG = {"NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException"}


class UserPool:
    """Signs a user in and tells which client the user belongs to."""

    def __init__(self, client: Any, app_client_id: str) -> None:
        self._client = client
        self._app = app_client_id

    def sign_in(self, username: str, password: str) -> ClientId:
        """One sentence for every wrong name or password, so that nobody learns which names exist.

        Raises NotAllowed; its field is password, new_password, second_factor or no_client.
        """
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
            code = failure.response["Error"]["Code"]
            if code in _WRONG:
                raise refused from failure
            if code == "PasswordResetRequiredException":
                raise NotAllowed(_MUST_CHANGE, field="new_password") from failure
            raise
        return _client_of(answer)


def _client_of(answer: dict[str, Any]) -> ClientId:
    """The password was right: the client of the user, or what else is missing. Raises NotAllowed."""
    if answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
        raise NotAllowed(_MUST_CHANGE, field="new_password")
    if "AuthenticationResult" not in answer:
        raise NotAllowed(
            "this user has a second factor, which the pages cannot ask for; ask us to take it off",
            field="second_factor",
        )
    client_id = _claims(answer["AuthenticationResult"]["IdToken"]).get("custom:client_id")
    if not client_id:
        raise NotAllowed(
            "this user belongs to no client; ask us to invite the user anew", field="no_client"
        )
    return ClientId(str(client_id))


def _claims(token: str) -> dict[str, Any]:
    """The pool itself just handed us this token over TLS, so its signature adds nothing here."""
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
