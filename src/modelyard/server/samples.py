"""Examples for the description of the API: what a schema would hold in a bakery's project. It reads no data."""

from typing import Any

ID = "0192f0c8-5d5e-7c3a-9b1e-3f6a2c4d8e10"
_TIME = "2026-11-23T08:30:00Z"
_DEEPEST = 8
_BY_NAME: dict[str, Any] = {
    "name": "croissant",
    "class": "croissant",
    "class_name": "croissant",
    "project_name": "Pastries",
    "email": "ana@bakery.example",
    "author_name": "Ana",
    "created_by_name": "Ana",
    "invited_by": "Ana",
    "password": "correct horse battery",
    "color": "#aa7733",
    "title": "Import pictures",
    "stage": "Reading pictures",
    "detail": "Label about 20 more pictures of “bagel”.",
    "sentence": "It answers 83 % of pictures by itself; at least 99 % of those answers are right.",
    "headline": "Right on 94.9 % of 98 pictures that it had never seen.",
    "promise": 0.99,
    "accuracy": 0.949,
    "score": 0.97,
    "similarity": 0.93,
    "threshold": 0.81,
    "temperature": 1.2,
    "macro_f1": 0.94,
    "url": "http://127.0.0.1:8400/api/v1/deployments/till/predict",
    "prefix": "my_3fK2",
    "token": "my_3fK2…",
    "secret": "my_3fK2…",
    "backbone": "efficientnet_lite0",
    "recipe": "head",
    "kind": "images.import",
    "task": "classification",
    "scopes": ["read"],
    "format": "JPEG",
    "content_hash": "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
    "accuracy_interval": [0.886, 0.978],
    "next_cursor": None,
    "done": 420,
    "total": 1000,
    "failed": 2,
    "rate": 85.0,
    "eta_s": 7.0,
    "width": 1600,
    "height": 1200,
    "size_bytes": 482113,
    "images": 551,
    "labelled": 420,
    "number": 3,
    "version_number": 2,
    "revision": 1,
    "n": 98,
    "members": 2,
    "classes": 10,
    "unlabelled": 131,
    "reserved": 98,
    "suggested": 120,
    "seconds": 4.2,
    "milliseconds": 12.4,
    "answered_share": 0.83,
    "wish_accuracy": 0.9,
    "promise_accuracy": 0.99,
    "test_share": 0.2,
    "val_share": 0.1,
    "step": 12,
    "train_loss": 0.21,
    "val_loss": 0.25,
    "val_accuracy": 0.94,
    "precision": 0.96,
    "recall": 0.93,
    "f1": 0.945,
    "split": "train",
    "source": "human",
    "state": "succeeded",
    "code": "label",
    "description": "Ten kinds of pastry.",
    "explanation": "Learnt from 381 labelled pictures and their mirror images.",
    "note": "Before the new oven",
    "reason": "This is not a picture that can be read.",
    "status": "ok",
    "version": "0.1.0",
    "blob": "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
    "filename": "Pastries-version-3-folders.zip",
}
_BY_FORMAT = {"uuid": ID, "date-time": _TIME, "date": "2026-11-23", "binary": "", "email": "ana@bakery.example"}
_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def sample(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """Return an example of `schema`; its own, where it brings one.

    Args:
        schema: A JSON Schema, as in an OpenAPI document.
        schemas: The document's components, which `$ref` names.
        name: The field that it is the schema of.
        depth: How deep it stands; schemas that hold themselves end somewhere.

    Example:
        >>> sample({"type": "object", "properties": {"few": {"type": "integer", "minimum": 1}}}, {})
        {'few': 1}
    """
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    for key in ("example", "const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    options = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if options:
        return _of_options(options, schemas, name, depth)
    known = _BY_NAME.get(name)
    kind = schema.get("type", "object")
    if name in _BY_NAME and isinstance(known, _KINDS[kind]) and "format" not in schema:
        return known
    return _of_kind(kind, schema, schemas, name, depth)


def _of_options(options: list[dict[str, Any]], schemas: dict[str, Any], name: str, depth: int) -> Any:
    if name == "next_cursor" or depth > _DEEPEST:
        return None
    return sample(next(option for option in options if option.get("type") != "null"), schemas, name, depth)


def _of_kind(kind: str, schema: dict[str, Any], schemas: dict[str, Any], name: str, depth: int) -> Any:
    if kind == "object":
        fields = schema.get("properties", {})
        if not fields and isinstance(schema.get("additionalProperties"), dict):
            return {ID: sample(schema["additionalProperties"], schemas, "", depth + 1)}
        return {key: sample(value, schemas, key, depth + 1) for key, value in fields.items()}
    if kind == "array":
        return _of_items(schema, schemas, name, depth)
    if kind == "string":
        return _BY_FORMAT.get(schema.get("format", ""), "")[: schema.get("maxLength")] or "text"
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 0), schema.get("exclusiveMinimum", 0)) or schema.get("minimum", 0)
    return None if kind == "null" else False


def _of_items(schema: dict[str, Any], schemas: dict[str, Any], name: str, depth: int) -> list[Any]:
    if "prefixItems" in schema:
        return [sample(item, schemas, "", depth + 1) for item in schema["prefixItems"]]
    if depth > _DEEPEST:
        return []
    return [sample(schema.get("items", {}), schemas, name.rstrip("s"), depth + 1)] * max(1, schema.get("minItems", 1))
