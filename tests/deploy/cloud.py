"""An account for the tests of deployments: moto, and doubles of what it lacks.

Every request is recorded and its shape checked by the service's own model. CloudFormation is a double as well, since
moto says that it made what it skipped; it makes a bucket and a group of schedules. Connect's flows are one; versions
of state machines are added to moto's.

    python cloud.py PORT ACCOUNT REGION

`/control` tells what was asked and takes faults to bring about.
"""

import io
import json
import re
import sys
import threading
import uuid
from urllib.parse import parse_qsl, unquote, urlparse

from moto.batch.models import batch_backends
from moto.events.models import events_backends
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.stepfunctions.models import stepfunctions_backends
from werkzeug.serving import WSGIRequestHandler, run_simple
from werkzeug.wrappers import Request, Response

import shapes

ACCOUNT = REGION = ""
LOCK = threading.RLock()


class State:
    """What was asked, what is to fail, and what the doubles hold."""

    def __init__(self):
        self.calls = []
        self.problems = []
        self.faults = {}
        self.asked = 0
        self.stacks = {}
        self.flows = {}
        self.functions = []
        self.records = None
        self.change_sets = {}
        self.events = {}
        self.queues = {"BasicQueue": str(uuid.UUID(int=7))}


STATE = State()


class Refused(Exception):
    def __init__(self, code, message, status=400, extra=None):
        super().__init__(message)
        self.code, self.status, self.extra = code, status, extra or {}


def xml_error(code, message, status):
    text = message.replace("&", "&amp;").replace("<", "&lt;")
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>{text}</Message></Error></ErrorResponse>"
    return Response(body, status=status, content_type="text/xml")


def refusal(service, error):
    if shapes.model(service).protocol in ("query", "rest-xml"):
        return xml_error(error.code, str(error), error.status)
    body = json.dumps({"__type": error.code, "message": str(error), **error.extra})
    headers = {"x-amzn-ErrorType": error.code}
    return Response(body, status=error.status, headers=headers, content_type="application/json")


class Cloud:
    """The WSGI application."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ, start_response):
        request = Request(environ)
        if request.path == "/control":
            return control(request)(environ, start_response)
        data = request.get_data(cache=True)
        # Whoever comes next reads it from the start.
        environ["wsgi.input"] = io.BytesIO(data)
        environ["CONTENT_LENGTH"] = str(len(data))
        body = data.decode(errors="replace")
        scope = re.search(r"Credential=([^/]+)/\d+/[^/]+/([a-z0-9-]+)/", request.headers.get("Authorization", ""))
        if not scope:
            return xml_error("MissingAuthenticationToken", "no signature", 403)(environ, start_response)
        service = scope.group(2)
        asked = {
            "method": request.method,
            "path": environ.get("RAW_URI", request.path).split("?")[0],
            "query": request.args.to_dict(),
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": body,
        }
        with LOCK:
            response = self.answer(service, asked, scope.group(1))
        if response is not None:
            return response(environ, start_response)
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = ACCOUNT
        with LOCK:
            return list(self.moto(environ, start_response))

    def answer(self, service, request, key):
        """A double's answer; none where moto is to give it."""
        try:
            found, captured = shapes.operation(service, request)
            STATE.asked += 1
            if key == "EXPIRED":
                raise Refused("ExpiredTokenException" if service != "sts" else "ExpiredToken", "The security token included in the request is expired", 403)
            if STATE.faults.get("throttle") and STATE.asked % 2 == 0:
                code = {"s3": "SlowDown", "batch": "TooManyRequestsException"}.get(service, "ThrottlingException")
                raise Refused(code, "Rate exceeded", 503 if service == "s3" else 400)
            name = f"{service}:{found.name}"
            STATE.calls.append({"operation": name, "about": about(request, captured)})
            for problem in shapes.problems(service, found, captured, request):
                STATE.problems.append(f"{name}: {problem}")
            fault = STATE.faults.get(name)
            if fault:
                if fault.get("times", 1) == 1:
                    del STATE.faults[name]
                elif "times" in fault:
                    fault["times"] -= 1
                raise Refused(fault["code"], fault["message"], fault.get("status", 400), fault.get("extra"))
            double = DOUBLES.get(name)
            if double:
                return double(request, captured)
            owner = request["headers"].get("x-amz-expected-bucket-owner")
            if service == "s3" and STATE.faults.get("bucket_of_others") and owner:
                raise Refused("AccessDenied", "Access Denied", 403)
        except Refused as error:
            return refusal(service, error)
        return None


def about(request, captured):
    """The names in a request, so that a test can see whom it touched."""
    return " ".join([*captured.values(), request["path"], request["body"][:2000]])


def control(request):
    if request.method == "POST":
        order = json.loads(request.get_data(as_text=True))
        if order.get("forget"):
            STATE.calls.clear()
        STATE.faults = order.get("faults", STATE.faults)
        if "bucket" in order:
            make_bucket(order["bucket"])
        if "group" in order:
            make_group(order["group"])
        if "stack" in order:
            declared = {name: {"Default": value} for name, value in order["stack"]["parameters"].items()}
            template = {"Parameters": declared, "Resources": {}}
            parameters = order["stack"]["parameters"]
            STATE.stacks[order["stack"]["name"]] = {"tags": {}, "parameters": parameters, "status": "CREATE_COMPLETE", "template": template}
        if "change_set" in order:
            STATE.change_sets[order["change_set"]] = {"status": "CREATE_COMPLETE"}
        for name, status in order.get("status", {}).items():
            STATE.stacks[name]["status"] = status
        if "lose_stack" in order:
            STATE.stacks.pop(order["lose_stack"])
        if "hold_lock" in order:
            hold_lock(order["hold_lock"])
        if "expire_lock" in order:
            expire_lock(order["expire_lock"])
        if "by_hand" in order:
            by_hand(order["by_hand"])
    body = {
        "calls": STATE.calls,
        "problems": STATE.problems,
        "things": things(),
    }
    return Response(json.dumps(body), content_type="application/json")


def make_bucket(name):
    backend = s3_backends[ACCOUNT]["aws"]
    if name not in backend.buckets:
        backend.create_bucket(name, REGION)


def make_group(name):
    backend = scheduler_backends[ACCOUNT][REGION]
    if name not in backend.schedule_groups:
        backend.create_schedule_group(name=name, tags=[])


def expire_lock(key):
    """A quarter of an hour later."""
    for name, bucket in s3_backends[ACCOUNT]["aws"].buckets.items():
        if key in bucket.keys:
            lock = json.loads(bucket.keys[key].value)
            lock["until"] = "2020-01-01T00:00:00Z"
            s3_backends[ACCOUNT]["aws"].put_object(name, key, json.dumps(lock).encode())


def hold_lock(key):
    """Somebody else has begun."""
    for name in s3_backends[ACCOUNT]["aws"].buckets:
        lock = json.dumps({"holder": "somebody", "until": "2100-01-01T00:00:00Z"})
        s3_backends[ACCOUNT]["aws"].put_object(name, key, lock.encode())


def machines():
    return stepfunctions_backends[ACCOUNT][REGION]


ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["*"]}]}


def by_hand(change):
    """What somebody does in the console."""
    kind, name = change["kind"], change.get("name")
    if kind == "machine":
        next(it for it in machines().state_machines if it.name == name).definition = change["definition"]
    elif kind == "their machine":
        machines().create_state_machine(name=name, definition=change["definition"], roleArn=f"arn:aws:iam::{ACCOUNT}:role/theirs", tags=[])
    elif kind == "pause schedule":
        group = next(it for it in scheduler_backends[ACCOUNT][REGION].schedule_groups.values() if name in it.schedules)
        group.schedules[name].state = "DISABLED"
    elif kind == "drop schedule":
        group = next(it for it in scheduler_backends[ACCOUNT][REGION].schedule_groups.values() if name in it.schedules)
        del group.schedules[name]
    elif kind == "widen role":
        iam_backends[ACCOUNT]["aws"].put_role_policy(name, "by-hand", json.dumps(ANYTHING))
    elif kind == "put away definition":
        batch_backends[ACCOUNT][REGION].deregister_job_definition(name)
    elif kind == "flow":
        STATE.flows[name]["Content"] = change["content"]
    elif kind == "functions":
        STATE.functions = change["arns"]
    elif kind == "queues":
        STATE.queues |= change["ids"]
    elif kind == "parameter":
        STATE.stacks[change["stack"]]["parameters"][name] = change["value"]
    elif kind == "records":
        STATE.records = change["config"]


def things():
    """Everything there is, by kind."""
    iam = iam_backends[ACCOUNT]["aws"]
    groups = scheduler_backends[ACCOUNT][REGION].schedule_groups.values()
    buckets = s3_backends[ACCOUNT]["aws"].buckets
    rules = events_backends[ACCOUNT][REGION].event_buses["default"].rules
    definitions = batch_backends[ACCOUNT][REGION]._job_definitions.values()
    return {
        "machines": {it.name: json.loads(it.definition) for it in machines().state_machines},
        "versions": {it.name: len(it.versions) for it in machines().state_machines},
        "roles": sorted(it.name for it in iam.roles.values()),
        "schedules": sorted(name for group in groups for name in group.schedules),
        "rules": sorted(rules),
        "definitions": sorted(f"{it.name}:{it.revision}" for it in definitions if it.status == "ACTIVE"),
        "objects": sorted(key for bucket in buckets.values() for key in bucket.keys.keys()),
        "stacks": sorted(STATE.stacks),
        "parameters": {name: it["parameters"] for name, it in STATE.stacks.items()},
        "flows": {name: {"type": it["Type"], "content": it["Content"]} for name, it in STATE.flows.items()},
        "functions": STATE.functions,
        "records": STATE.records,
    }


# Versions of state machines.

def machine_of(arn):
    machine = next((it for it in machines().state_machines if arn == it.arn or arn.startswith(it.arn + ":")), None)
    if machine is None:
        raise Refused("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    return machine


def answered(body):
    return Response(json.dumps(body), content_type="application/x-amz-json-1.0")


def list_versions(request, _):
    machine = machine_of(json.loads(request["body"])["stateMachineArn"])
    versions = [{"stateMachineVersionArn": it.arn, "creationDate": 0} for it in machine.versions.values()]
    return answered({"stateMachineVersions": versions[::-1]})


def delete_version(request, _):
    arn = json.loads(request["body"])["stateMachineVersionArn"]
    machine_of(arn).versions.pop(int(arn.rsplit(":", 1)[1]), None)
    return answered({})


def describe_machine(request, _):
    arn = json.loads(request["body"])["stateMachineArn"]
    if arn.count(":") == 6:
        return None
    version = machine_of(arn).versions[int(arn.rsplit(":", 1)[1])]
    return answered({"stateMachineArn": arn, "definition": version.definition, "roleArn": version.roleArn})


# Stacks.

def form(request):
    return dict(parse_qsl(request["body"], keep_blank_values=True))


def members(fields, start, *names):
    number = 1
    while f"{start}.member.{number}.{names[0]}" in fields:
        yield tuple(fields.get(f"{start}.member.{number}.{name}") for name in names)
        number += 1


def describe_stacks(request, _):
    name = form(request)["StackName"]
    stack = STATE.stacks.get(name)
    if stack is None and name in STATE.change_sets:
        stack = {"tags": {}, "parameters": {}, "status": "REVIEW_IN_PROGRESS"}
    if stack is None:
        raise Refused("ValidationError", f"Stack with id {name} does not exist")
    tags = "".join(f"<member><Key>{k}</Key><Value>{v}</Value></member>" for k, v in stack["tags"].items())
    given = "".join(
        f"<member><ParameterKey>{k}</ParameterKey><ParameterValue>{v}</ParameterValue></member>"
        for k, v in stack["parameters"].items()
    )
    # The first look sees it changing.
    status = stack["status"]
    if status != "REVIEW_IN_PROGRESS":
        stack["status"] = status.replace("_IN_PROGRESS", "_COMPLETE")
    body = (
        "<DescribeStacksResponse><DescribeStacksResult><Stacks><member>"
        f"<StackName>{name}</StackName><StackStatus>{status}</StackStatus><Tags>{tags}</Tags>"
        f"<Parameters>{given}</Parameters></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
    )
    return Response(body, content_type="text/xml")


def stack_of(fields, old):
    """What a request makes of a stack; refused as CloudFormation refuses."""
    template = old["template"] if "UsePreviousTemplate" in fields else json.loads(template_text(fields))
    parameters = {}
    for key, value, previous in members(fields, "Parameters", "ParameterKey", "ParameterValue", "UsePreviousValue"):
        if key not in template.get("Parameters", {}):
            raise Refused("ValidationError", f"Parameters: [{key}] do not exist in the template")
        parameters[key] = old["parameters"][key] if previous else value
    missing = []
    for key, declared in template.get("Parameters", {}).items():
        if key not in parameters and "Default" not in declared:
            missing.append(key)
        parameters.setdefault(key, declared.get("Default"))
    if missing:
        raise Refused("ValidationError", f"Parameters: [{', '.join(missing)}] must have values")
    tags = dict(members(fields, "Tags", "Key", "Value")) or old["tags"]
    for key, value in parameters.items():
        if value and value.startswith("functions/") and not is_object(value):
            raise Refused("ValidationError", f"there is no object {value}")
    return {"tags": tags, "parameters": parameters, "template": template}


def make(name, stack, word, imports):
    """Makes what the stack consists of. What is there already is in the way, unless it is imported."""
    old = STATE.stacks.get(name)
    known = old["template"]["Resources"] if old else {}
    made = []
    for logical, resource in stack["template"]["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::S3::Bucket":
            bucket = properties["BucketName"]
            if logical not in known and not imports and bucket in s3_backends[ACCOUNT]["aws"].buckets:
                STATE.events[name] = [f"{logical}: {bucket} already exists"]
                STATE.stacks[name] = {**stack, "status": "ROLLBACK_IN_PROGRESS"}
                return
            made.append(bucket)
        if resource["Type"] == "AWS::Scheduler::ScheduleGroup":
            make_group(properties["Name"])
    for bucket in made:
        make_bucket(bucket)
        s3_backends[ACCOUNT]["aws"].put_bucket_tagging(bucket, stack["tags"])
    STATE.stacks[name] = {**stack, "status": f"{word}_IN_PROGRESS"}


# The stack's tags are theirs, and CloudFormation replaces them for another tag.
NOT_TAGGED_AGAIN = ("AWS::Batch::ComputeEnvironment", "AWS::Batch::JobQueue")


def put_stack(word):
    def put(request, _):
        fields = form(request)
        name = fields["StackName"]
        old = STATE.stacks.get(name)
        if (old is None) != (word == "CREATE"):
            raise Refused("AlreadyExistsException" if old else "ValidationError", f"Stack {name}")
        new = stack_of(fields, old)
        if old and all(old[it] == new[it] for it in new):
            raise Refused("ValidationError", "No updates are to be performed.")
        batch = [id for id, it in new["template"]["Resources"].items() if it["Type"] in NOT_TAGGED_AGAIN]
        if old and old["tags"] != new["tags"] and batch:
            reason = "CloudFormation cannot update a stack when a custom-named resource requires replacing."
            STATE.events[name] = [f"{id}: {reason}" for id in batch]
            STATE.stacks[name] = {**old, "status": "UPDATE_ROLLBACK_IN_PROGRESS"}
        else:
            make(name, new, word, imports=False)
        return Response(f"<R><{word}><StackId>{name}</StackId></{word}></R>", content_type="text/xml")

    return put


# Change sets of stacks that are not there yet: until one is carried out, the stack is in review.

def create_change_set(request, _):
    fields = form(request)
    name = fields["StackName"]
    if name in STATE.stacks or fields["ChangeSetType"] != "CREATE":
        raise Refused("ValidationError", f"Stack [{name}] already exists and cannot be created again")
    if name in STATE.change_sets:
        raise Refused("AlreadyExistsException", f"ChangeSet {fields['ChangeSetName']} already exists")
    imports = fields.get("ImportExistingResources") == "true"
    STATE.change_sets[name] = {**stack_of(fields, None), "imports": imports, "status": "CREATE_PENDING"}
    return Response("<R/>", content_type="text/xml")


def change_set_of(request):
    name = form(request)["StackName"]
    if name not in STATE.change_sets:
        raise Refused("ChangeSetNotFound", "ChangeSet does not exist", 404)
    return name, STATE.change_sets[name]


def describe_change_set(request, _):
    _name, change_set = change_set_of(request)
    status, change_set["status"] = change_set["status"], "CREATE_COMPLETE"
    return Response(f"<R><Result><Status>{status}</Status></Result></R>", content_type="text/xml")


def execute_change_set(request, _):
    name, change_set = change_set_of(request)
    if change_set["status"] != "CREATE_COMPLETE":
        raise Refused("InvalidChangeSetStatus", "it is not ready")
    del STATE.change_sets[name]
    stack = {key: change_set[key] for key in ("tags", "parameters", "template")}
    make(name, stack, "CREATE", change_set["imports"])
    return Response("<R/>", content_type="text/xml")


def delete_change_set(request, _):
    name, _set = change_set_of(request)
    del STATE.change_sets[name]
    return Response("<R/>", content_type="text/xml")


def stack_events(request, _):
    member = "".join(
        f"<member><LogicalResourceId>{it.split(': ')[0]}</LogicalResourceId><ResourceStatus>CREATE_FAILED</ResourceStatus>"
        f"<ResourceStatusReason>{it.split(': ', 1)[1]}</ResourceStatusReason></member>"
        for it in STATE.events.get(form(request)["StackName"], [])
    )
    return Response(f"<R><Result><StackEvents>{member}</StackEvents></Result></R>", content_type="text/xml")


def is_object(key):
    return any(key in bucket.keys for bucket in s3_backends[ACCOUNT]["aws"].buckets.values())


def template_text(fields):
    if "TemplateBody" in fields:
        if len(fields["TemplateBody"]) > 51200:
            raise Refused("ValidationError", "Member must have length less than or equal to 51200")
        return fields["TemplateBody"]
    address = urlparse(fields["TemplateURL"])
    bucket = address.netloc.split(".")[0]
    return s3_backends[ACCOUNT]["aws"].get_object(bucket, address.path[1:]).value.decode()


def get_template(request, _):
    name = form(request)["StackName"]
    if name not in STATE.stacks:
        raise Refused("ValidationError", f"Stack with id {name} does not exist")
    body = json.dumps(STATE.stacks[name]["template"]).replace("&", "&amp;").replace("<", "&lt;")
    body = f"<GetTemplateResponse><GetTemplateResult><TemplateBody>{body}</TemplateBody></GetTemplateResult></GetTemplateResponse>"
    return Response(body, content_type="text/xml")


def delete_stack(request, _):
    STATE.stacks.pop(form(request)["StackName"], None)
    return Response("<R/>", content_type="text/xml")


# Contact flows.

def json_body(request):
    return json.loads(request["body"] or "{}")


def summaries(list_name, kind, named):
    def summary(_, captured):
        entries = [{"Id": id, "Name": name, "Arn": f"arn:{kind}/{id}"} for name, id in named().items()]
        return answered({list_name: entries})

    return summary


def queues(request, captured):
    """The agents', too, where nobody says which."""
    agents = {} if request["query"].get("queueTypes") == "STANDARD" else {"": str(uuid.UUID(int=9))}
    return summaries("QueueSummaryList", "queue", lambda: STATE.queues | agents)(request, captured)


def functions(request, _):
    """Not more than 25 at a time."""
    start = int(request["query"].get("nextToken", 0))
    page = {"LambdaFunctions": STATE.functions[start : start + 25]}
    more = {"NextToken": str(start + 25)} if len(STATE.functions) > start + 25 else {}
    return answered({**page, **more})


def flow_of(captured):
    for name, flow in STATE.flows.items():
        if flow["Id"] == captured["ContactFlowId"]:
            return name, flow
    raise Refused("ResourceNotFoundException", "no such flow", 404)


def check_content(content):
    problems = []
    known = {it["Id"] for it in STATE.flows.values()} | set(STATE.queues.values())
    for kind, id in re.findall(r"/(contact-flow|queue|operating-hours)/([^\"]+)\"", content):
        if id not in known:
            problems.append({"message": f"Invalid Action property value. Path: {kind} {id}"})
    for function in re.findall(r"\"(arn:aws:lambda:[^\"]+)\"", content):
        if function not in STATE.functions:
            problems.append({"message": f"Lambda function is not associated. {function}"})
    if not json.loads(content)["Actions"]:
        problems.append({"message": "Action list is empty"})
    if problems:
        raise Refused("InvalidContactFlowException", "None", 400, {"problems": problems})


def create_flow(request, _):
    body = json_body(request)
    if body["Name"] in STATE.flows:
        raise Refused("DuplicateResourceException", "there is such a flow", 409)
    check_content(body["Content"])
    id = str(uuid.uuid4())
    STATE.flows[body["Name"]] = {"Id": id, "Type": body["Type"], "Content": body["Content"], "Tags": body["Tags"]}
    return answered({"ContactFlowId": id, "ContactFlowArn": f"arn:{id}"})


def update_flow(request, captured):
    _, flow = flow_of(captured)
    content = json_body(request)["Content"]
    check_content(content)
    flow["Content"] = content
    return answered({})


def describe_flow(_, captured):
    name, flow = flow_of(captured)
    return answered({"ContactFlow": {**flow, "Name": name, "Status": "published"}})


def delete_flow(_, captured):
    name, _flow = flow_of(captured)
    del STATE.flows[name]
    return answered({})


def tag(request, captured):
    id = unquote(captured["resourceArn"]).rsplit("/", 1)[1]
    _, flow = flow_of({"ContactFlowId": id})
    flow["Tags"] |= json_body(request)["tags"]
    return answered({})


def associate(request, _):
    STATE.functions.append(json_body(request)["FunctionArn"])
    return answered({})


def dissociate(request, _):
    STATE.functions.remove(request["query"]["functionArn"])
    return answered({})


# Where the records of contacts go: an instance has one such place.

def list_places(request, _):
    if request["query"]["resourceType"] != "CONTACT_TRACE_RECORDS":
        raise Refused("InvalidParameterException", "of that kind nothing is kept here")
    return answered({"StorageConfigs": [{"AssociationId": "records", **STATE.records}] if STATE.records else []})


def associate_place(request, _):
    if STATE.records:
        raise Refused("ResourceConflictException", "there is such an association", 409)
    STATE.records = json_body(request)["StorageConfig"]
    return answered({"AssociationId": "records"})


def dissociate_place(request, captured):
    if captured["AssociationId"] != "records" or not STATE.records:
        raise Refused("ResourceNotFoundException", "no such association", 404)
    STATE.records = None
    return answered({})


DOUBLES = {
    "states:ListStateMachineVersions": list_versions,
    "states:DeleteStateMachineVersion": delete_version,
    "states:DescribeStateMachine": describe_machine,
    "cloudformation:DescribeStacks": describe_stacks,
    "cloudformation:GetTemplate": get_template,
    "cloudformation:CreateStack": put_stack("CREATE"),
    "cloudformation:UpdateStack": put_stack("UPDATE"),
    "cloudformation:DeleteStack": delete_stack,
    "cloudformation:DescribeStackEvents": stack_events,
    "cloudformation:CreateChangeSet": create_change_set,
    "cloudformation:DescribeChangeSet": describe_change_set,
    "cloudformation:ExecuteChangeSet": execute_change_set,
    "cloudformation:DeleteChangeSet": delete_change_set,
    "connect:ListContactFlows": summaries("ContactFlowSummaryList", "contact-flow", lambda: {n: f["Id"] for n, f in STATE.flows.items()}),
    "connect:ListQueues": queues,
    "connect:ListHoursOfOperations": summaries("HoursOfOperationSummaryList", "operating-hours", dict),
    "connect:ListLambdaFunctions": functions,
    "connect:CreateContactFlow": create_flow,
    "connect:UpdateContactFlowContent": update_flow,
    "connect:DescribeContactFlow": describe_flow,
    "connect:DeleteContactFlow": delete_flow,
    "connect:TagResource": tag,
    "connect:AssociateLambdaFunction": associate,
    "connect:DisassociateLambdaFunction": dissociate,
    "connect:ListInstanceStorageConfigs": list_places,
    "connect:AssociateInstanceStorageConfig": associate_place,
    "connect:DisassociateInstanceStorageConfig": dissociate_place,
}


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


if __name__ == "__main__":
    port, ACCOUNT, REGION = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    run_simple("127.0.0.1", port, Cloud(), threaded=True, request_handler=Quiet)
