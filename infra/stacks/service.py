"""Everything that a release may replace: functions, routes, queues, rules, the timeline, alarms."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import CfnOutput, CfnParameter, Environment, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.layers import LayerFolders
from infra.names import bucket_name, secret_name
from infra.parts import schedules
from infra.parts.alarms import Alarms
from infra.parts.events import MESSAGE_EVENTS, WAKE_EVENTS, Events, files_to_queue
from infra.parts.functions import SETTINGS, SIZES
from infra.parts.grants import statements
from infra.parts.http_api import HttpApi
from infra.parts.python_function import RUNTIME, Layers, PythonFunction
from infra.parts.timeline import Timeline, executions_arn, timeline_arn
from infra.parts.work_queue import WorkQueue, dead_letters
from infra.settings import StageSettings
from infra.stacks.data import DataStack


class ServiceStack(Stack):
    """Reads the data stack; holds nothing that would be missed after a delete."""

    def __init__(
        self,
        scope: Construct,
        settings: StageSettings,
        data: DataStack,
        *,
        layers: LayerFolders,
        functions: Path,
    ) -> None:
        super().__init__(scope, settings.stack_name("service"), env=Environment(region=settings.region))
        self._settings, self._data = settings, data
        retention = (
            logs.RetentionDays.ONE_MONTH if settings.log_days == 30 else logs.RetentionDays.THIRTEEN_MONTHS
        )
        self.http = HttpApi(self, "Http", prefix=settings.prefix, log_days=retention)
        self.events = Events(self, "Events", prefix=settings.prefix)
        self.functions = self._functions(layers, functions)
        self.http.add_routes(self.functions, data.identity.pool, data.identity.app)
        self._queues = {name: self._queue(name, worker) for name, worker in QUEUES.items()}
        steps = self._queues["Steps"].queue
        self.timeline = Timeline(self, "Timeline", prefix=settings.prefix, steps=steps)
        self.alarms = Alarms(self, "Alarms", prefix=settings.prefix)
        self._work()
        self._watch()
        self._outputs()

    def _functions(self, folders: LayerFolders, source: Path) -> dict[str, lambda_.Function]:
        layers = Layers(
            core=self._layer("Core", folders.core),
            vendor=self._layer("Vendor", folders.vendor),
            typesetting=self._layer("Typesetting", folders.typesetting),
        )
        values, targets = self._values(), self._targets()
        made: dict[str, lambda_.Function] = {}
        for name in SETTINGS:
            part = PythonFunction(
                self,
                name,
                prefix=self._settings.prefix,
                values=values,
                layers=layers,
                log_days=self._settings.log_days,
                folder=source,
            )
            part.allow(statements(name, targets))
            made[name] = part.function
        return made

    def _layer(self, name: str, folder: Path) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            name,
            code=lambda_.Code.from_asset(str(folder)),
            layer_version_name=f"{self._settings.prefix}-{name.lower()}",
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[lambda_.Architecture.ARM_64],
        )

    def _values(self) -> dict[str, str]:
        """Every value that a Settings class may name."""
        settings, data = self._settings, self._data
        return {
            "stage": settings.stage,
            "country": settings.country,
            "test_clock": "true" if settings.test_clock else "false",
            "table_name": data.store.table.table_name,
            "upload_bucket": data.buckets.uploads.bucket_name,
            "document_bucket": data.buckets.documents.bucket_name,
            "bank_bucket": data.buckets.bank.bucket_name,
            "agency": settings.agency,
            "collectors": settings.collectors,
            "mail_from": settings.mail_from,
            "page_url": self._page_url(),
            "gateway_provider": settings.gateway_provider,
            "gateway_url": self._parameter(
                "GatewayUrl", settings.gateway_url, "The payment provider's API"
            ),
            "code_secret_arn": data.secrets.code.secret_arn,
            "gateway_secret_arn": data.secrets.gateway.secret_arn,
            "user_pool_client_id": data.identity.app.user_pool_client_id,
            "timeline_arn": timeline_arn(self, settings.prefix),
            "bus_name": self.events.bus.event_bus_name,
        }

    def _page_url(self) -> str:
        if self._settings.page_url:
            return self._parameter(
                "PageUrl", self._settings.page_url, "Address of the pages, without a slash"
            )
        return self.http.api.api_endpoint

    def _parameter(self, name: str, default: str, what: str) -> str:
        return CfnParameter(self, name, default=default, description=what).value_as_string

    def _targets(self) -> dict[str, str]:
        data, prefix = self._data, self._settings.prefix
        return {
            "table": data.store.table.table_arn,
            # The same table, for the one partition that is written there.
            "seals": data.store.table.table_arn,
            **{name: self._bucket_arn(name) for name in ("uploads", "documents", "bank")},
            "code_secret": self._secret_arn("code"),
            "gateway_secret": self._secret_arn("gateway"),
            "timeline": timeline_arn(self, prefix),
            "executions": executions_arn(self, prefix),
            # These two requests do not name their resource, and the emulator does not look it up.
            "tokens": "*" if self._settings.is_local else timeline_arn(self, prefix),
            "mail": "*"
            if self._settings.is_local
            else self._arn("ses", f"identity/{self._settings.mail_from}"),
            "bus": self.events.bus.event_bus_arn,
        }

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def _secret_arn(self, name: str) -> str:
        # Secrets Manager ends every ARN with six characters of its own choice.
        return self._arn("secretsmanager", f"secret:{secret_name(self._settings.prefix, name)}-??????")

    def _bucket_arn(self, name: str) -> str:
        return f"arn:{self.partition}:s3:::{bucket_name(self._settings.prefix, name, self.account)}"

    def _work(self) -> None:
        data, functions = self._data, self.functions
        files_to_queue(self, data.buckets.uploads, self._queues["Files"])
        self.events.route("Messages", MESSAGE_EVENTS, self._queues["Messages"])
        self.events.route("Wakes", WAKE_EVENTS, self._queues["Wakes"])
        self._failed = dead_letters(
            self,
            "Failed",
            queue_name=f"{self._settings.prefix}-failed",
            enforce_ssl=self._settings.enforce_ssl,
        )
        self.events.relay(data.store.table, functions["relay_events"], self._failed)
        for name in schedules.SCHEDULES:
            schedules.schedule(self, name, functions[name], self._failed)

    def _queue(self, name: str, worker: str) -> WorkQueue:
        work = WorkQueue(
            self,
            name,
            prefix=self._settings.prefix,
            function_timeout=SIZES[worker].timeout,
            enforce_ssl=self._settings.enforce_ssl,
        )
        work.worked_by(
            self.functions[worker],
            batch=1 if name in ONE_BY_ONE else 10,
            at_once=self._settings.steps_at_once if name == "Steps" else self._settings.batches_at_once,
        )
        return work

    def _watch(self) -> None:
        dead = [(name.lower(), work.dead) for name, work in self._queues.items()]
        self.alarms.dead_letters([*dead, ("failed", self._failed)])
        self.alarms.errors(self.functions)
        self.alarms.timeline(self.functions["tick"], self.timeline.machine.metric_failed())
        self.alarms.bank()
        self.alarms.provider()
        self.alarms.refunds()

    def _outputs(self) -> None:
        CfnOutput(self, "ApiUrl", value=self.http.api.api_endpoint)
        CfnOutput(self, "TimelineArn", value=self.timeline.machine.state_machine_arn)
        CfnOutput(self, "BusName", value=self.events.bus.event_bus_name)


QUEUES = {
    "Files": "import_cases",
    "Messages": "send_message",
    "Wakes": "wake_case",
    "Steps": "case_step",
}
ONE_BY_ONE = ("Files", "Steps")
