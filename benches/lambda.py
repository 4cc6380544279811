#!/usr/bin/env python3
"""What the function `survey_result` costs beside the same handler in Python with boto3.

    cargo build --profile lambda -p sluice-lambdas --features aws --bin survey_result --bin survey_dispatch
    scripts/test    # once: it installs the emulator
    lambdas/tests/aws/.venv/bin/python benches/lambda.py [FOLDER OF THE BINARIES]

Both programs are started as Lambda starts them and asked over its runtime API; DynamoDB is emulated on this machine.
A cold start is the time from starting the process to the first answer, the call of the table included: it leaves out
what Lambda does before the process runs (fetching the code, starting the sandbox), which is where size counts.
The Python side has the loop of Lambda's runtime client written out in a few lines, and only what the handler needs
of the Rust side: one consistent read and one conditional write, without checks, alerts and log.
"""

import http.server
import json
import os
import pathlib
import queue
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = "SurveyCustomerInfo"
COLD, WARM = 20, 500

PYTHON_HANDLER = '''
import http.client, json, os, time
import boto3
from botocore.exceptions import ClientError
table = boto3.resource("dynamodb").Table(os.environ["SLUICE_ANSWERS_TABLE"])

def handler(event):
    given = event["Details"]["Parameters"]
    key = {"PhoneNumber": given["phone_number"]}
    item = table.get_item(Key=key, ConsistentRead=True).get("Item", {})
    entries = item.get("SurveyData", [])
    if any(it["ContactID"] == given["contact_id"] for it in entries):
        return {"result": "known"}
    entry = {"ContactID": given["contact_id"], "Date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
             "NPS_Rating": int(given["answer"])}
    table.update_item(
        Key=key, UpdateExpression="SET #d = list_append(if_not_exists(#d, :none), :one)",
        ConditionExpression="attribute_not_exists(#d) OR size(#d) = :at",
        ExpressionAttributeNames={"#d": "SurveyData"},
        ExpressionAttributeValues={":none": [], ":one": [entry], ":at": len(entries)})
    return {"result": "kept"}

runtime = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    runtime.request("GET", "/2018-06-01/runtime/invocation/next")
    answer = runtime.getresponse()
    request, event = answer.getheader("lambda-runtime-aws-request-id"), json.loads(answer.read())
    runtime.request("POST", f"/2018-06-01/runtime/invocation/{request}/response", json.dumps(handler(event)))
    runtime.getresponse().read()
'''


class Runtime(http.server.BaseHTTPRequestHandler):
    """Lambda's runtime API: hands out events, and takes answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def reply(self, status, body, headers=()):
        self.send_response(status)
        for name, value in [*headers, ("content-length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_GET(self):
        event = self.server.events.get()
        if event is None:
            self.close_connection = True
            return
        headers = [
            ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
            ("lambda-runtime-deadline-ms", "4102444800000"),
            ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:1:function:f"),
            ("content-type", "application/json"),
        ]
        self.reply(200, json.dumps(event).encode(), headers)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.answers.put((self.path.rsplit("/", 1)[1], json.loads(body)))
        self.reply(202, b"")


class Function:
    def __init__(self, command, environment):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Runtime)
        self.server.daemon_threads = True
        # A program that is ended leaves its connection as it is.
        self.server.handle_error = lambda *_: None
        self.server.events, self.server.answers = queue.Queue(), queue.Queue()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        address = "127.0.0.1:%d" % self.server.server_address[1]
        lambda_ = {"AWS_LAMBDA_RUNTIME_API": address, "AWS_LAMBDA_FUNCTION_NAME": "f",
                   "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_FUNCTION_VERSION": "1"}
        self.child = subprocess.Popen(command, env={**environment, **lambda_}, stdout=subprocess.DEVNULL)

    def call(self, event):
        self.server.events.put(event)
        kind, answer = self.server.answers.get(timeout=60)
        assert kind == "response" and answer.get("result") == "kept", answer

    def memory(self):
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return next(int(it.split()[1]) for it in status.splitlines() if it.startswith("VmHWM")) / 1024

    def end(self):
        self.child.kill()
        self.child.wait()
        self.server.shutdown()


def event(contact):
    # Every caller is another one, so that items do not grow while they are measured.
    number = "+30210%07d" % contact
    given = {"survey": "satisfaction", "contact_id": f"c{contact}", "phone_number": number, "status": "answered",
             "question": "rating", "answer": "4", "language": "en-US"}
    return {"Name": "ContactFlowEvent", "Details": {"ContactData": {"ContactId": "x"}, "Parameters": given}}


def emulator(python):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    server = subprocess.Popen(
        [python.with_name("moto_server"), "-H", "127.0.0.1", "-p", str(port)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{endpoint}/moto-api/data.json").read()
            break
        except OSError:
            time.sleep(0.1)
    table = {"TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
             "AttributeDefinitions": [{"AttributeName": "PhoneNumber", "AttributeType": "S"}],
             "KeySchema": [{"AttributeName": "PhoneNumber", "KeyType": "HASH"}]}
    signature = ("AWS4-HMAC-SHA256 Credential=test/20261123/eu-west-1/dynamodb/aws4_request, "
                 "SignedHeaders=host, Signature=0")
    headers = {"x-amz-target": "DynamoDB_20120810.CreateTable", "authorization": signature,
               "content-type": "application/x-amz-json-1.0"}
    urllib.request.urlopen(urllib.request.Request(endpoint, json.dumps(table).encode(), headers)).read()
    return server, endpoint


def measure(command, environment, contacts):
    cold = []
    for _ in range(COLD):
        started = time.perf_counter()
        function = Function(command, environment)
        function.call(event(next(contacts)))
        cold.append((time.perf_counter() - started) * 1000)
        function.end()
    function, warm = Function(command, environment), []
    for _ in range(WARM + 20):
        started = time.perf_counter()
        function.call(event(next(contacts)))
        warm.append((time.perf_counter() - started) * 1000)
    memory = function.memory()
    function.end()
    warm = sorted(warm[20:])
    return statistics.median(cold), warm[len(warm) // 2], warm[len(warm) * 99 // 100], memory


def main():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else target / "lambda"
    python = pathlib.Path(sys.executable)
    for name in ["survey_result", "survey_dispatch"]:
        print(f"{name}: {(folder / name).stat().st_size / 1e6:.1f} MB, stripped")
    server, endpoint = emulator(python)
    document = (ROOT / "generated/prod/surveys/satisfaction/survey.json").read_text()
    environment = {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1",
                   "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "SLUICE_SURVEYS": f"[{document}]",
                   "SLUICE_ANSWERS_TABLE": TABLE, "SLUICE_TOPIC_ARN": "arn:aws:sns:eu-west-1:1:news"}
    contacts = iter(range(1_000_000))
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".py") as handler:
            handler.write(PYTHON_HANDLER)
            handler.flush()
            programs = [("Rust", [folder / "survey_result"]), ("Python", [python, handler.name])]
            for name, command in programs:
                cold, middle, slow, memory = measure(command, environment, contacts)
                print(f"{name}: cold start {cold:.0f} ms (median of {COLD}), then p50 {middle:.1f} ms, "
                      f"p99 {slow:.1f} ms ({WARM} events), {memory:.0f} MB at most")
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
