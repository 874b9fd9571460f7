"""The description of the API: valid in its parts, complete enough to make a client from."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter

from gridsvc.model.resolution import Resolution
from tests.fixtures.in_process import Client


@pytest.fixture(scope="module")
def document(client: Client) -> Any:
    return client.get("/openapi.json").json()


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


def walk(value: Any) -> Iterator[Any]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walk(inner)


def test_it_is_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1")


def test_every_pointer_leads_somewhere(document: Any) -> None:
    named = document["components"]["schemas"]
    pointers = {node["$ref"] for node in walk(document) if isinstance(node, dict) and "$ref" in node}
    assert pointers <= {f"#/components/schemas/{name}" for name in named}


def test_operation_ids_are_there_and_differ(document: Any) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_operation_says_what_comes_back(document: Any) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        done = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert len(done) == 1 + ("204" in operation["responses"] and len(done) > 1), name
        assert "content" in done[0] or "204" in operation["responses"], name
        for status, response in operation["responses"].items():
            assert response["description"], (name, status)
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (name, status)


def test_changes_of_a_thing_take_the_version_that_was_seen_and_changes_of_a_browser_its_csrf_text(
    document: Any,
) -> None:
    named = {"If-Match": "put /api/v1/accounts/{login}", "X-CSRF-Token": "post /api/v1/incidents"}
    described = dict(operations(document))
    for header, name in named.items():
        assert header in {each["name"] for each in described[name]["parameters"]}
    assert described["get /api/v1/accounts"]["security"] == [{"session": []}, {"token": []}]
    assert set(document["components"]["securitySchemes"]) == {"session", "token"}


def test_what_is_new_has_a_key_and_no_version(document: Any) -> None:
    for name, operation in operations(document):
        headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        assert not {"Idempotency-Key", "If-Match"} <= headers, name


def test_path_parameters_are_described(document: Any) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            described = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            assert described == set(re.findall(r"{(\w+)}", path))


def test_the_batch_takes_and_gives_three_formats(document: Any) -> None:
    operation = document["paths"]["/api/v1/resolve"]["post"]
    formats = {"application/json", "text/csv", "application/vnd.apache.arrow.stream"}
    assert set(operation["requestBody"]["content"]) == formats
    assert set(operation["responses"]["200"]["content"]) == formats


def test_examples_are_what_they_exemplify(document: Any) -> None:
    schemas = document["components"]["schemas"]
    TypeAdapter(Resolution).validate_python(schemas["Resolution"]["examples"][0])
    for name, schema in schemas.items():
        for example in schema.get("examples", []):
            assert set(example) >= set(schema.get("required", [])), name


def test_answers_are_as_described(client: Client, document: Any) -> None:
    schemas = document["components"]["schemas"]
    edition = client.get("/api/v1/editions/current").json()
    assert set(edition) == set(schemas["Edition"]["properties"])
    person = client.get("/api/v1/people/P01").json()
    assert set(person) == set(schemas["Person"]["properties"])
