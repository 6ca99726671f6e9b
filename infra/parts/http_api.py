"""Routes: who answers what, and which need a client's token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aws_cdk import RemovalPolicy, Tags
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.names import API_ID
from infra.parts.nag import accept

ACCESS_LOG: Final = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "milliseconds": "$context.responseLatency",
    "error": "$context.integrationErrorMessage",
}
"""The route, never the path or the address: paths hold link ids, addresses are personal data."""


@dataclass(frozen=True, slots=True)
class Route:
    """`why_public` says what guards a route that needs no token."""

    method: str
    path: str
    function: str
    why_public: str = ""


PAGE: Final = "A page for people; it shows nothing before a code from the letter is given."
ROUTES: Final = (
    Route("POST", "/v1/uploads", "intake_api"),
    Route("GET", "/v1/uploads/{upload_id}", "intake_api"),
    Route("POST", "/v1/cases", "intake_api"),
    Route("GET", "/v1/cases", "intake_api"),
    Route("GET", "/v1/cases/{case_id}", "intake_api"),
    Route("POST", "/v1/cases/{case_id}/dispute", "intake_api"),
    Route("POST", "/v1/cases/{case_id}/holds", "intake_api"),
    Route("DELETE", "/v1/cases/{case_id}/holds/{hold_id}", "intake_api"),
    Route("POST", "/v1/cases/{case_id}/withdrawal", "intake_api"),
    Route("POST", "/v1/cases/{case_id}/credit-notes", "intake_api"),
    Route("POST", "/v1/cases/{case_id}/direct-payments", "intake_api"),
    Route("POST", "/v1/cases/{case_id}/approvals/{approval_id}", "intake_api"),
    Route("PUT", "/v1/cases/{case_id}/financials", "intake_api"),
    Route("POST", "/v1/cases/{case_id}/plan-proposals", "intake_api"),
    Route("POST", "/v1/payout-account", "intake_api"),
    Route("GET", "/v1/statement", "intake_api"),
    Route("GET", "/v1/documents", "intake_api"),
    Route("GET", "/v1/documents/{document_id}", "intake_api"),
    Route("GET", "/d/{proxy+}", "portal", PAGE),
    Route("POST", "/d/{proxy+}", "portal", PAGE),
    Route("GET", "/assets/{file}", "portal", "Stylesheets and icons."),
    Route("GET", "/client", "client_portal", "Sign-in page; every other page checks the session."),
    Route("POST", "/client", "client_portal", "Signs in with the password; the function checks the form."),
    Route("GET", "/client/{proxy+}", "client_portal", "The function checks the signed session."),
    Route("POST", "/client/{proxy+}", "client_portal", "The function checks the signed session."),
    Route("POST", "/v1/webhooks/{provider}", "payment_hook", "The provider signs the body."),
    Route("GET", "/v1/webhooks/{provider}", "payment_hook", "The provider signs the query."),
)


class HttpApi(Construct):
    """API Gateway v2 with a JWT authoriser, access log and throttling."""

    def __init__(self, scope: Construct, name: str, *, prefix: str, log_days: logs.RetentionDays) -> None:
        super().__init__(scope, name)
        self.api = apigateway.HttpApi(self, "Api", api_name=prefix, create_default_stage=False)
        # Pins the id in the local cloud; an ordinary tag on AWS.
        Tags.of(self.api).add("ms-custom-id", API_ID)
        self.access_log = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name=f"/aws/vendedlogs/api/{prefix}",
            retention=log_days,
            removal_policy=RemovalPolicy.DESTROY,
        )
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=100, burst_limit=200),
        )
        resource = stage.node.default_child
        assert isinstance(resource, apigateway.CfnStage)
        resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=self.access_log.log_group_arn, format=json.dumps(ACCESS_LOG)
        )

    def add_routes(
        self,
        functions: Mapping[str, lambda_.IFunction],
        pool: cognito.IUserPool,
        app: cognito.IUserPoolClient,
    ) -> None:
        """One integration per function; a route without a reason to be public needs a token."""
        authoriser = authorizers.HttpUserPoolAuthorizer("Clients", pool, user_pool_clients=[app])
        used = {route.function: functions[route.function] for route in ROUTES}
        answers = {name: integrations.HttpLambdaIntegration(f"{name}_", f) for name, f in used.items()}
        for route in ROUTES:
            made = self.api.add_routes(
                path=route.path,
                methods=[apigateway.HttpMethod[route.method]],
                integration=answers[route.function],
                authorizer=apigateway.HttpNoneAuthorizer() if route.why_public else authoriser,
            )
            if route.why_public:
                accept(made[0], "AwsSolutions-APIG4", route.why_public)
