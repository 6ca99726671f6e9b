"""Who may use the API: the clients' people, invited by us, never self-registered."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.parts.nag import accept


class Identity(Construct):
    """User pool and app client. `custom:client_id` says whose cases a person sees."""

    def __init__(self, scope: Construct, name: str, *, prefix: str, keep: bool) -> None:
        super().__init__(scope, name)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=f"{prefix}-clients",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            # Immutable: a person cannot move to another client by editing the own profile.
            custom_attributes={"client_id": cognito.StringAttribute(min_len=1, max_len=64, mutable=False)},
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(3),
            ),
            mfa=cognito.Mfa.OFF,
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=keep,
            removal_policy=RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY,
        )
        self.app = self.pool.add_client(
            "App",
            user_pool_client_name=f"{prefix}-pages-and-api",
            auth_flows=cognito.AuthFlow(user_password=True, user_srp=True),
            prevent_user_existence_errors=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(1),
            read_attributes=cognito.ClientAttributes()
            .with_standard_attributes(email=True, email_verified=True)
            .with_custom_attributes("client_id"),
            write_attributes=cognito.ClientAttributes().with_standard_attributes(email=True),
        )
        accept(
            self.pool,
            "AwsSolutions-COG2",
            "The pages ask for a name and a password only; who set up a second factor could not sign in.",
        )
        accept(
            self.pool,
            "AwsSolutions-COG3",
            "Threat protection needs the Plus plan; sign-in is throttled by Cognito.",
        )
        accept(
            self.pool,
            "AwsSolutions-COG8",
            "Invited business users only; the Plus plan buys nothing they need.",
        )
