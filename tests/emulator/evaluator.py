"""JSONata for moto's interpreter, which leaves its own evaluator out: expressions go to `jsonata-python`."""

import sys

from jsonata import jsonata
from moto.stepfunctions.parser.asl.jsonata import jsonata as bridge
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str


def modules():
    """Those of the interpreter that are imported by now."""
    return [it for it in list(sys.modules.values()) if getattr(it, "__name__", "").startswith("moto.stepfunctions")]


def install():
    bridge._eval_jsonata = evaluate
    for module in modules():
        if hasattr(module, "encode_jsonata_variable_declarations"):
            module.encode_jsonata_variable_declarations = declare


def plain(value):
    """Of lists and dictionaries of the evaluator's own kinds, the built-in ones."""
    if isinstance(value, dict):
        return {key: plain(it) for key, it in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(it) for it in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def evaluate(expression):
    try:
        return plain(jsonata.Jsonata(expression).evaluate(None))
    except Exception as problem:
        raise bridge.JSONataException("UNKNOWN", str(problem))


def declare(bindings):
    return "".join(f"{name}:={to_json_str(value)};" for name, value in bindings.items())
