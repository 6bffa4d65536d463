"""Deploying, swapping, stopping: the gate, the names, the states."""

from uuid import uuid4

import pytest

from tests.server.deployments.conftest import picture


def test_a_deployment_becomes_ready_beside_the_request(owner, project, add_model, deploy):
    model_id = add_model(3)

    shown = deploy(model_id)

    assert shown["state"] == "ready"
    assert shown["url"].endswith("/api/v1/deployments/pastries/predict")
    assert (shown["model_id"], shown["model_number"]) == (model_id, 3)
    assert (shown["predictions_kept"], shown["doubtful"], shown["keep_predictions"]) == (0, 0, False)
    listed = owner.get(f"/api/v1/projects/{project['id']}/deployments").json()
    assert listed == {"items": [shown], "next_cursor": None}


def test_a_model_below_the_wish_is_refused_unless_somebody_says_so(owner, project, add_model, deploy):
    weak = add_model(accuracy=0.5)
    address = f"/api/v1/projects/{project['id']}/deployments"

    refused = owner.post(address, json={"name": "weak", "model_id": weak})

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/model-below-wish"
    assert "50.0 %" in refused.json()["detail"]
    assert "90 %" in refused.json()["detail"]
    accepted = deploy(weak, "weak", accept_below_wish=True)
    assert "50.0 %" in accepted["below_wish"]


def test_a_model_that_was_never_tested_is_below_the_wish(owner, project, add_model):
    untested = add_model(summary={"split": "cv", "accuracy": 1.0, "n": 100})

    refused = owner.post(f"/api/v1/projects/{project['id']}/deployments", json={"name": "x", "model_id": untested})

    assert refused.status_code == 409
    assert "never tested" in refused.json()["detail"]


def test_swapping_the_model_passes_the_gate_again(owner, app, add_model, deploy):
    good, weak, better = add_model(1), add_model(2, accuracy=0.5), add_model(3, accuracy=0.99)
    deploy(good)

    assert owner.patch("/api/v1/deployments/pastries", json={"model_id": weak}).status_code == 409
    assert owner.patch("/api/v1/deployments/pastries", json={"model_id": better}).json()["model_number"] == 3

    assert app.state.services.predictors.settle()
    answer = owner.post("/api/v1/deployments/pastries/predict", content=picture())
    assert answer.json()["model"] == {"id": better, "number": 3}


def test_names_are_unique_on_the_server(owner, project, add_model, deploy):
    model_id = add_model()
    deploy(model_id)

    again = owner.post(f"/api/v1/projects/{project['id']}/deployments", json={"name": "pastries", "model_id": model_id})

    assert again.status_code == 409
    assert again.json()["type"] == "/problems/deployment-name-taken"


@pytest.mark.parametrize("name", ["", "Pastries", "-x", "x-", "a b", "a/b", "ü", "x" * 65])
def test_names_fit_into_an_address(owner, project, name):
    body = {"name": name, "model_id": str(uuid4())}

    assert owner.post(f"/api/v1/projects/{project['id']}/deployments", json=body).status_code == 422


def test_a_stopped_deployment_answers_nothing_and_can_be_started(owner, app, add_model, deploy):
    deploy(add_model())

    stopped = owner.patch("/api/v1/deployments/pastries", json={"is_active": False}).json()
    refused = owner.post("/api/v1/deployments/pastries/predict", content=picture())
    owner.patch("/api/v1/deployments/pastries", json={"is_active": True})
    assert app.state.services.predictors.settle()

    assert stopped["state"] == "stopped"
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/deployment-stopped")
    assert owner.get("/api/v1/deployments/pastries").json()["state"] == "ready"
    assert owner.post("/api/v1/deployments/pastries/predict", content=picture()).status_code == 200


def test_stopping_unloads_the_model(owner, app, add_model, deploy):
    model_id = add_model()
    deploy(model_id, "one")
    deploy(model_id, "two")
    host = app.state.services.predictors

    loaded = len(host._loaded)
    for name in ("one", "two"):
        owner.patch(f"/api/v1/deployments/{name}", json={"is_active": False})
    assert host.settle()

    assert loaded == 1
    assert not host._loaded


def test_a_damaged_model_is_failed_and_says_so(owner, services, add_model, deploy):
    damaged = add_model(artifacts={"zip": services.blobs.put(b"not a zip")})

    shown = deploy(damaged)
    refused = owner.post("/api/v1/deployments/pastries/predict", content=picture())

    assert shown["state"] == "failed"
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/deployment-failed")
    assert str(services.settings.data) not in refused.text


def test_deployments_are_loaded_again_at_start(services, add_model, deploy):
    from modelyard.server.deployments.host import PredictorHost

    model_id = add_model()
    deploy(model_id)
    restarted = PredictorHost(services)

    restarted.start()

    assert restarted.settle()
    assert [str(loaded) for loaded in restarted._loaded] == [model_id]
    restarted.close()


def test_a_deleted_deployment_is_gone(owner, add_model, deploy):
    deploy(add_model())

    assert owner.delete("/api/v1/deployments/pastries").status_code == 204

    assert owner.get("/api/v1/deployments/pastries").status_code == 404
    assert owner.post("/api/v1/deployments/pastries/predict", content=picture()).status_code == 404


def test_a_stranger_sees_nothing(stranger, project, add_model, deploy):
    model_id = add_model()
    deploy(model_id)

    assert stranger.get(f"/api/v1/projects/{project['id']}/deployments").status_code == 404
    assert stranger.post("/api/v1/deployments/pastries/predict", content=picture()).status_code == 404
    for address in ("", "/predictions"):
        assert stranger.get(f"/api/v1/deployments/pastries{address}").status_code == 404
    assert stranger.patch("/api/v1/deployments/pastries", json={"is_active": False}).status_code == 404
    assert stranger.delete("/api/v1/deployments/pastries").status_code == 404


def test_another_projects_model_cannot_be_deployed(owner, project, add_model):
    other = owner.post("/api/v1/projects", json={"name": "Other", "task": "classification", "classes": []}).json()

    body = {"name": "x", "model_id": add_model()}

    assert owner.post(f"/api/v1/projects/{other['id']}/deployments", json=body).status_code == 404
