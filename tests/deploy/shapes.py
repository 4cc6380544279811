"""Which operation a request is, and whether the service would take its shape: by botocore's models.

Emulators are lax: they drop fields that they do not know. Here an unknown field, a missing one, a wrong type, a text
that is none of an enumeration's is told.
"""

import json
import re
from urllib.parse import parse_qsl, unquote

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

NAMES = {"states": "stepfunctions"}
LOADER = Loader()
MODELS = {}


def model(service):
    if service not in MODELS:
        name = NAMES.get(service, service)
        MODELS[service] = ServiceModel(LOADER.load_service_model(name, "service-2"), name)
    return MODELS[service]


def operation(service, request):
    """The operation's model, and what stands in the path."""
    service_model = model(service)
    target = request["headers"].get("x-amz-target")
    if target:
        return service_model.operation_model(target.split(".")[-1]), {}
    if service_model.protocol == "query":
        return service_model.operation_model(dict(parse_qsl(request["body"]))["Action"]), {}
    found = []
    for name in service_model.operation_names:
        candidate = service_model.operation_model(name)
        http = candidate.http
        path, _, query = http["requestUri"].partition("?")
        wanted = [it.split("=")[0] for it in query.split("&") if it]
        pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(path))
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
        match = re.fullmatch(pattern + "/?", request["path"])
        if match and http["method"] == request["method"] and all(it in request["query"] for it in wanted):
            exact = (len(wanted), -len(match.groupdict()))
            if service != "s3" or name in S3:
                found.append((exact, candidate, match.groupdict()))
    if not found:
        raise ValueError(f"no operation of {service} is {request['method']} {request['path']}")
    _, best, captured = max(found, key=lambda it: it[0])
    return best, {name: unquote(value) for name, value in captured.items()}


S3 = {"ListMultipartUploads", "ListObjectsV2", "GetBucketTagging", "PutObject", "GetObject", "HeadObject", "DeleteObject"}


def problems(service, found, captured, request):
    """What the service would not take."""
    shape = found.input_shape
    if shape is None:
        return []
    protocol = model(service).protocol
    if protocol == "query":
        fields = [it for it in parse_qsl(request["body"], keep_blank_values=True) if it[0] not in ("Action", "Version")]
        given = unflattened(shape, fields)
    elif protocol == "json":
        given = json.loads(request["body"] or "{}")
    elif service == "s3":
        given = located(shape, captured, request, {})
    else:
        body = json.loads(request["body"]) if request["body"] else {}
        given = located(shape, captured, request, body)
    report = ParamValidator().validate(given, shape)
    found = [report.generate_report()] if report.has_errors() else []
    return found + list(enumerations(shape, given, ""))


def located(shape, captured, request, body):
    """The members of an input whose fields are spread over path, query, headers and body."""
    wire = {member.serialization.get("name", name): name for name, member in shape.members.items()}
    given = {}
    for name, value in {**captured, **{k: v for k, v in request["query"].items()}}.items():
        if name in wire:
            kind = shape.members[wire[name]].type_name
            given[wire[name]] = {"integer": int, "long": int, "list": lambda it: [it]}.get(kind, str)(value)
        elif name not in ("list-type", "tagging", "uploads"):
            given[name] = value
    for name, value in body.items():
        given[wire.get(name, name)] = value
    return given


def unflattened(shape, fields):
    """`Tags.member.1.Key=x` as lists, maps and structures."""
    result, entries = {}, {}
    for name, value in fields:
        place, kind = result, shape
        parts = name.split(".")
        while parts:
            part = parts.pop(0)
            if kind.type_name == "list":
                assert part == "member", f"`{name}` has no `member`"
                index = int(parts.pop(0)) - 1
                while len(place) <= index:
                    place.append(empty(kind.member))
                if not parts:
                    place[index] = typed(kind.member, value)
                place, kind = place[index], kind.member
                continue
            if kind.type_name == "map":
                assert part == "entry", f"`{name}` has no `entry`"
                entry = (id(place), parts.pop(0))
                if parts.pop(0) == kind.key.serialization.get("name", "key"):
                    entries[entry] = value
                    break
                key, kind = entries[entry], kind.value
                if not parts:
                    place[key] = typed(kind, value)
                    break
                place = place.setdefault(key, empty(kind))
                continue
            if part not in kind.members:
                place[part] = value
                break
            member = kind.members[part]
            if not parts:
                place[part] = typed(member, value)
            else:
                place = place.setdefault(part, empty(member))
            kind = member
    return result


def empty(shape):
    return [] if shape.type_name == "list" else {}


def typed(shape, value):
    if shape.type_name in ("integer", "long"):
        return int(value)
    if shape.type_name == "boolean":
        return value == "true"
    return value


def enumerations(shape, given, path):
    """Texts that are none of those that are possible, which botocore does not look at."""
    if shape.type_name == "structure" and isinstance(given, dict):
        for name, value in given.items():
            if name in shape.members:
                yield from enumerations(shape.members[name], value, f"{path}.{name}")
    elif shape.type_name == "list" and isinstance(given, list):
        for value in given:
            yield from enumerations(shape.member, value, path)
    elif shape.type_name == "string" and getattr(shape, "enum", None) and given not in shape.enum:
        yield f"{path}: {given!r} is none of {shape.enum}"
