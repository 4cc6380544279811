"""The account of the deployments' tests (`../deploy/cloud.py`), at work.

    python cloud_at_work.py PORT ACCOUNT REGION WORKER

Deployed state machines are executed by moto's interpreter, whose calls come back here as requests, and are checked as
everyone's. A submitted job is a process of WORKER with the command and the environment of its definition; a job with
an array is one for each child. A worker can be stopped when it asks for a secret, which it does between its look at the
lock and its first write, and be let go on when others have taken over. What becomes of executions and jobs is told as
EventBridge tells it, to the rules.

moto leaves its JSONata evaluator and its services' parameter casing out of the interpreter: both are put in.
"""

import fnmatch
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / it) for it in ("deploy", "emulator")]
PORT = sys.argv[1]
os.environ["MOTO_PORT"] = PORT

import boto3
import botocore.session
import cloud
import evaluator
from moto.batch.models import batch_backends
from moto.core.config import default_user_config
from moto.events.models import events_backends
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service, state_task_service_callback
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from werkzeug.serving import run_simple

WORKER = sys.argv[4]
JOBS = {}
# The stages whose next job finds no place to run until it is let go.
HELD = {}
WAITING = {}
# The stages whose next worker is stopped when it asks for a secret.
STOPS = set()
WORKERS = {}
# What every job gets besides what its definition says: where the account is, and what its machine decides.
SURROUNDINGS = {}


# The interpreter.

SESSION = botocore.session.get_session()


def operation(task, service, action):
    service, action = task._get_boto_service_name(service), task._get_boto_service_action(action)
    model = SESSION.get_service_model(service)
    name = next(it for it in model.operation_names if state_task_service.camel_to_snake_case(it) == action)
    return model.operation_model(name)


def cased_parameters(task, parameters, boto_service_name=None, service_action_name=None):
    shape = operation(task, boto_service_name, service_action_name).input_shape
    task._to_boto_request(parameters, shape)


def cased_response(task, response, boto_service_name=None, service_action_name=None):
    shape = operation(task, boto_service_name, service_action_name).output_shape
    task._from_boto_response(response, shape)


def complete_the_interpreter():
    evaluator.install()
    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = 0.05
    state_task_service.StateTaskService._normalise_parameters = cased_parameters
    state_task_service.StateTaskService._normalise_response = cased_response
    terminated = BaseExecutionWorkerCommunication.terminated

    def told(self):
        terminated(self)
        execution_ended(self.execution)

    BaseExecutionWorkerCommunication.terminated = told


# Events.

def happened(source, kind, resource, detail):
    """Hands an event to the rules; it is theirs to match it."""
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": kind,
        "source": source,
        "account": cloud.ACCOUNT,
        "time": time.time(),
        "region": cloud.REGION,
        "resources": [resource],
        "detail": detail,
    }
    with cloud.LOCK:
        for rule in events_backends[cloud.ACCOUNT][cloud.REGION].event_buses["default"].rules.values():
            rule.send_to_targets(event, transform_input=False)


def execution_ended(it):
    ended_well = it.status == "SUCCEEDED"
    detail = {
        "executionArn": it.exec_arn,
        "stateMachineArn": it.state_machine_arn,
        "name": it.name,
        "status": it.status,
        "startDate": int(it.start_date.timestamp() * 1000),
        "stopDate": int(it.stop_date.timestamp() * 1000),
        "input": json.dumps(it.input_data),
        "output": json.dumps(it.output) if ended_well else None,
        "error": it.error,
        "cause": it.cause,
        "inputDetails": {"included": True},
        "outputDetails": {"included": True} if ended_well else None,
        "redriveCount": 0,
    }
    happened("aws.states", "Step Functions Execution Status Change", it.exec_arn, detail)


# Jobs.

def definition_of(name):
    known = batch_backends[cloud.ACCOUNT][cloud.REGION]._job_definitions
    if name not in known:
        raise cloud.Refused("ClientException", f"JobDefinition {name} does not exist")
    return known[name]


def submit_job(request, _):
    body = json.loads(request["body"])
    id = str(uuid.uuid4())
    definition = definition_of(body["jobDefinition"])
    job = {
        "jobArn": f"arn:aws:batch:{cloud.REGION}:{cloud.ACCOUNT}:job/{id}",
        "jobId": id,
        "jobName": body["jobName"],
        "jobQueue": body["jobQueue"],
        "status": "RUNNABLE",
        "attempts": [],
        "createdAt": int(time.time() * 1000),
        "startedAt": 0,
        "dependsOn": [],
        "jobDefinition": body["jobDefinition"],
        "parameters": {**(definition.parameters or {}), **body.get("parameters", {})},
        "container": {"environment": body.get("containerOverrides", {}).get("environment", [])},
    }
    if "arrayProperties" in body:
        job["arrayProperties"] = {"size": body["arrayProperties"]["size"]}
    JOBS[id] = job
    threading.Thread(target=run_job, args=(job, definition), daemon=True).start()
    return cloud.answered({"jobArn": job["jobArn"], "jobId": id, "jobName": job["jobName"]})


def describe_jobs(request, _):
    return cloud.answered({"jobs": [JOBS[it] for it in json.loads(request["body"])["jobs"] if it in JOBS]})


def run_job(job, definition):
    stage = job["parameters"].get("stage")
    held = HELD.pop(stage, None)
    if held is not None:
        held.wait()
    job["status"], job["startedAt"] = "RUNNING", int(time.time() * 1000)
    happened("aws.batch", "Batch Job State Change", job["jobArn"], {**job})
    ended = []
    children = [
        threading.Thread(target=lambda it=it: ended.append(attempts(job, definition, it)))
        for it in (range(job["arrayProperties"]["size"]) if "arrayProperties" in job else [None])
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    worst = max(ended, key=lambda it: it[-1]["container"]["exitCode"] != 0)
    fine = worst[-1]["container"]["exitCode"] == 0
    job["attempts"], job["container"] = worst, {**job["container"], **worst[-1]["container"]}
    job["statusReason"] = "Essential container in task exited"
    job["stoppedAt"] = int(time.time() * 1000)
    happened("aws.batch", "Batch Job State Change", job["jobArn"], {**job, "status": "SUCCEEDED" if fine else "FAILED"})
    job["status"] = "SUCCEEDED" if fine else "FAILED"


def attempts(job, definition, index):
    """Tries until one is fine, or the definition's strategy has had enough."""
    strategy = definition.retry_strategy or {}
    tried = []
    while True:
        tried.append(attempt(job, definition, index, len(tried) + 1))
        code = tried[-1]["container"]["exitCode"]
        if code == 0 or len(tried) >= int(strategy.get("attempts", 1)) or not again(strategy, tried[-1]):
            return tried


def again(strategy, tried):
    found = {"onExitCode": str(tried["container"]["exitCode"]), "onReason": "", "onStatusReason": tried["statusReason"]}
    for rule in strategy.get("evaluateOnExit", []):
        if all(fnmatch.fnmatchcase(found[key], pattern) for key, pattern in rule.items() if key != "action"):
            return rule["action"].upper() == "RETRY"
    return True


def attempt(job, definition, index, number):
    container = definition.container_properties
    environment = {it["name"]: it["value"] for it in [*container.get("environment", []), *job["container"]["environment"]]}
    environment |= {**SURROUNDINGS, "AWS_BATCH_JOB_ID": job["jobId"], "AWS_BATCH_JOB_ATTEMPT": str(number)}
    if index is not None:
        environment |= {"AWS_BATCH_JOB_ID": f"{job['jobId']}:{index}", "AWS_BATCH_JOB_ARRAY_INDEX": str(index)}
    parameters = job["parameters"]
    program, *command = [re.sub(r"^Ref::(\w+)$", lambda it: parameters[it[1]], word) for word in container["command"]]
    assert program == "sluice-worker", program
    # Its requests are known by their key.
    key = f"{job['jobId']}-{index}-{number}"
    environment["AWS_ACCESS_KEY_ID"] = key
    started = int(time.time() * 1000)
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # A worker that is stopped ends with the account as well.
    alone = ["setpriv", "--pdeathsig", "KILL", WORKER]
    with subprocess.Popen([*alone, *command], env=environment, cwd="/", **pipes) as ended:
        WORKERS[key] = {"stage": parameters.get("stage"), "pid": ended.pid, "stopped": False, "answer": threading.Event()}
        _, log = ended.communicate()
        del WORKERS[key]
    job.setdefault("log", []).append(log)
    stream = keep_log(container["logConfiguration"]["options"], key, log)
    return {
        "container": {"exitCode": ended.returncode, "logStreamName": stream},
        "startedAt": started,
        "stoppedAt": int(time.time() * 1000),
        "statusReason": "Essential container in task exited",
    }


def keep_log(options, task, log):
    """Puts what a worker wrote where the definition's log driver puts it; the stream."""
    place = {"logGroupName": options["awslogs-group"], "logStreamName": f"{options['awslogs-stream-prefix']}/default/{task}"}
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": line} for line in log.splitlines() if line]
    client("logs").create_log_stream(**place)
    if events:
        client("logs").put_log_events(**place, logEvents=events)
    return place["logStreamName"]


def secret_asked(key):
    """Stops the worker that asks if it is to be stopped; it has stopped before it gets an answer."""
    worker = WORKERS.get(key)
    if worker is None or worker["stage"] not in STOPS:
        return
    STOPS.remove(worker["stage"])
    os.kill(worker["pid"], signal.SIGSTOP)
    while Path(f"/proc/{worker['pid']}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        time.sleep(0.01)
    worker["stopped"] = True
    worker["answer"].wait()


def go_on(stage, signals):
    """Lets the stopped worker go on; it gets its answer once it has done what it does about these signals."""
    worker = next(it for it in WORKERS.values() if it["stage"] == stage and it["stopped"])
    worker["stopped"] = False
    for it in [*signals, "SIGCONT"]:
        os.kill(worker["pid"], signal.Signals[it])
    before, after = None, at_rest(worker["pid"])
    while after is None or before != after:
        time.sleep(0.05)
        before, after = after, at_rest(worker["pid"])
    worker["answer"].set()


def at_rest(pid):
    """How often each thread of a process has gone to sleep; none where one is at work or a signal is still to come."""
    threads = []
    for thread in sorted(Path(f"/proc/{pid}/task").iterdir()):
        try:
            lines = (thread / "status").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            return None
        fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        if fields["State"][0] != "S" or int(fields["ShdPnd"], 16) or int(fields["SigPnd"], 16):
            return None
        threads.append((thread.name, fields["voluntary_ctxt_switches"]))
    return threads


# What the stack makes, by the services' requests: the double of CloudFormation makes none of it.

MADE = {"AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Events::Rule"}


def client(service):
    return boto3.client(
        service,
        region_name=cloud.REGION,
        endpoint_url=f"http://127.0.0.1:{PORT}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def arn(kind, properties):
    place = f"{cloud.REGION}:{cloud.ACCOUNT}"
    return {
        "AWS::SQS::Queue": lambda: f"arn:aws:sqs:{place}:{properties['QueueName']}",
        "AWS::SNS::Topic": lambda: f"arn:aws:sns:{place}:{properties['TopicName']}",
    }[kind]()


def resolved(value, resources):
    """Without references; what is referred to is named in the template."""
    if isinstance(value, list):
        return [resolved(it, resources) for it in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"} and value["Ref"] in resources:
        it = resources[value["Ref"]]
        if it["Type"] == "AWS::SNS::Topic":
            return arn(it["Type"], it["Properties"])
        return it["Properties"].get("TableName") or it["Properties"].get("BucketName") or value["Ref"]
    if set(value) == {"Fn::GetAtt"} and value["Fn::GetAtt"][1] == "Arn":
        it = resources[value["Fn::GetAtt"][0]]
        return arn(it["Type"], it["Properties"]) if it["Type"] in MADE else value
    return {key: resolved(it, resources) for key, it in value.items()}


def make_platform():
    """Tables, queues, topics, log groups and rules as the deployed template has them; the environments of its functions."""
    (stack,) = cloud.STATE.stacks.values()
    resources = stack["template"]["Resources"]
    of = lambda kind: [resolved(it["Properties"], resources) for it in resources.values() if it["Type"] == kind]
    for it in of("AWS::DynamoDB::Table"):
        wanted = ("TableName", "AttributeDefinitions", "KeySchema", "BillingMode")
        client("dynamodb").create_table(**{key: it[key] for key in wanted})
    for it in of("AWS::SQS::Queue"):
        client("sqs").create_queue(QueueName=it["QueueName"])
    for it in of("AWS::SNS::Topic"):
        client("sns").create_topic(Name=it["TopicName"])
    for it in of("AWS::Logs::LogGroup"):
        client("logs").create_log_group(logGroupName=it["LogGroupName"])
    for it in of("AWS::Events::Rule"):
        client("events").put_rule(Name=it["Name"], EventPattern=json.dumps(it["EventPattern"]), State=it["State"])
        targets = [{"Id": target["Id"], "Arn": target["Arn"]} for target in it["Targets"] if isinstance(target["Arn"], str)]
        if targets:
            client("events").put_targets(Rule=it["Name"], Targets=targets)
    functions = of("AWS::Lambda::Function")
    return {it["FunctionName"]: it.get("Environment", {}).get("Variables", {}) for it in functions}


def at_work(request):
    """The test's word on what happens here."""
    order = json.loads(request.get_data(as_text=True))
    body = {}
    if "surroundings" in order:
        SURROUNDINGS.update(order["surroundings"])
    if order.get("platform"):
        body["functions"] = make_platform()
    if "hold" in order:
        HELD[order["hold"]] = WAITING[order["hold"]] = threading.Event()
    if "let_go" in order:
        WAITING.pop(order["let_go"]).set()
    if "stop" in order:
        STOPS.add(order["stop"])
    if "go_on" in order:
        go_on(order["go_on"], order["signals"])
    body["stopped"] = [it["stage"] for it in list(WORKERS.values()) if it["stopped"]]
    body["jobs"] = list(JOBS.values())
    body["problems"] = cloud.STATE.problems
    return cloud.Response(json.dumps(body), content_type="application/json")


class CloudAtWork(cloud.Cloud):
    def __call__(self, environ, start_response):
        request = cloud.Request(environ)
        if environ["PATH_INFO"] == "/work":
            return at_work(request)(environ, start_response)
        if request.headers.get("X-Amz-Target") == "secretsmanager.GetSecretValue":
            secret_asked(re.search(r"Credential=([^/]+)", request.headers["Authorization"])[1])
        return super().__call__(environ, start_response)


if __name__ == "__main__":
    cloud.ACCOUNT, cloud.REGION = sys.argv[2], sys.argv[3]
    cloud.stepfunctions_backends = stepfunctions_parser_backends
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    complete_the_interpreter()
    cloud.DOUBLES |= {"batch:SubmitJob": submit_job, "batch:DescribeJobs": describe_jobs}
    run_simple("127.0.0.1", int(PORT), CloudAtWork(), threaded=True, request_handler=cloud.Quiet)
