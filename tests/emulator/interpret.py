"""Executes state machines with moto's interpreter, in this process, and prints what came about as JSON.

    interpret.py MACHINE...      each MACHINE is PATH or PATH=FAILING_STAGE

moto leaves its JSONata evaluator and its services' parameter casing out, so both are replaced here: expressions go to
`jsonata-python`, services to answers that are the same for every call. What is left is the interpreter: which states
are entered in which order, with which input, what is assigned, what ends the execution.
"""

import io
import json
import sys
import time

import boto3
import evaluator
from moto import mock_aws
from moto.core.config import default_user_config
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback


class Service:
    """Answers every call, always in the same way."""

    def __init__(self, service, failing):
        self.service = service
        self.failing = failing

    def __getattr__(self, action):
        def call(**parameters):
            if self.service == "dynamodb":
                return {"Attributes": {"fence": {"N": "1"}}}
            if action == "submit_job":
                stage = parameters.get("Parameters", {}).get("stage", "")
                return {"JobId": stage, "jobId": stage}
            if action == "describe_jobs":
                (stage,) = parameters["jobs"]
                status = "FAILED" if stage == self.failing else "SUCCEEDED"
                return {"jobs": [{"status": status, "Status": status}]}
            if action == "invoke":
                return {"StatusCode": 200, "Payload": io.BytesIO(b"{}")}
            return {}

        return call


def patch(failing):
    evaluator.install()
    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = 0.01
    for module in evaluator.modules():
        if hasattr(module, "boto_client_for"):
            module.boto_client_for = lambda service, **_: Service(service, failing)


def execute(text, name, failing):
    patch(failing)
    client = boto3.client("stepfunctions", region_name="eu-west-1")
    role = "arn:aws:iam::123456789012:role/machine"
    machine = client.create_state_machine(name=name, definition=text, roleArn=role)["stateMachineArn"]
    patch(failing)
    execution = client.start_execution(stateMachineArn=machine, name="one", input="{}")["executionArn"]
    for _ in range(600):
        described = client.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            break
        time.sleep(0.05)
    events = client.get_execution_history(executionArn=execution, maxResults=1000)["events"]
    return {
        "status": described["status"],
        "events": [shape(it) for it in events],
    }


def shape(event):
    """An event without its time; details that are JSON texts as the JSON."""
    details = next((it for name, it in event.items() if name.endswith("EventDetails")), {})
    shaped = {"id": event["id"], "previousEventId": event.get("previousEventId", 0), "type": event["type"]}
    for name in ("name", "resource", "resourceType", "error", "length", "index"):
        if name in details:
            shaped[name] = details[name]
    for name in ("input", "output", "parameters"):
        if name in details:
            shaped[name] = json.loads(details[name])
    if "assignedVariables" in details:
        assigned = details["assignedVariables"]
        shaped["assignedVariables"] = {key: json.loads(it) for key, it in assigned.items()}
    return shaped


def main():
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    told = {}
    with mock_aws():
        for index, argument in enumerate(sys.argv[1:]):
            path, _, failing = argument.partition("=")
            with open(path, encoding="utf-8") as file:
                text = file.read()
            told[argument] = execute(text, f"machine-{index}", failing)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
