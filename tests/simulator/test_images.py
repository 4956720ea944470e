"""Pictures: uploaded in two parts, and served where their address says."""

import json

import pytest
import requests

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 9


def upload(owner, path="Item/12/Image", data=None, picture=("red racer.png", PNG, "image/png")):
    return owner.http.post(
        f"{owner.url}/{path}.json",
        data={"data": json.dumps(data)} if data is not None else None,
        files={"image": picture} if picture else {"other": ("x.txt", b"x")},
        headers=owner.grant.headers | {"Accept": "application/json"},
        timeout=5,
    )


def test_uploaded_picture_is_described_as_published(owner):
    answer = upload(owner, data={"description": "Test Image", "ordering": 1})
    image = answer.json()["Image"]
    assert set(image) == {
        "imageID", "description", "filename", "ordering", "publicID", "baseImageURL", "size",
        "createTime", "timeStamp", "itemID", "itemMatrixID",
    }  # fmt: skip
    assert (image["description"], image["ordering"]) == ("Test Image", "1")
    assert (image["filename"], image["size"]) == ("red racer.png", str(len(PNG)))
    assert (image["itemID"], image["itemMatrixID"]) == ("12", "0")
    assert owner.record("Item/12", load_relations=["Images"])["Images"]["Image"] == image


@pytest.mark.parametrize(
    ("picture", "kind"),
    [(PNG, "image/png"), (JPEG, "image/jpeg"), (b"?", "application/octet-stream")],
)
@pytest.mark.parametrize("settings", ["", "w_300,h_200,c_fill/", "/w_300/"])
def test_picture_comes_back_as_it_was_uploaded(owner, picture, kind, settings):
    image = upload(owner, picture=("x.jpg", picture, "image/jpeg")).json()["Image"]
    for ending in ("jpg", "png"):
        url = f"{image['baseImageURL']}{settings}{image['publicID']}.{ending}"
        answer = requests.get(url, timeout=5)
        assert (answer.content, answer.headers["Content-Type"]) == (picture, kind)


def test_picture_may_come_without_data(owner):
    image = upload(owner).json()["Image"]
    assert (image["description"], image["ordering"], image["itemID"]) == ("", "0", "12")


@pytest.mark.parametrize("field", ["itemID", "itemMatrixID"])
def test_picture_belongs_to_the_item_or_matrix_in_its_data(owner, stocked, field):
    stocked.put({"ItemMatrix": [{"itemMatrixID": 12, "description": "Sock"}]})
    image = upload(owner, "Image", {field: 12}).json()["Image"]
    assert image[field] == "12"
    owned = owner.record("Image/" + image["imageID"], load_relations="all")
    assert {"itemID": "Item", "itemMatrixID": "ItemMatrix"}[field] in owned


def test_picture_of_a_matrix_has_a_path_of_its_own(owner, stocked):
    stocked.put({"ItemMatrix": [{"itemMatrixID": 3, "description": "Sock"}]})
    made = upload(owner, "ItemMatrix/3/Image", {"ordering": 2}).json()["Image"]
    assert owner.get("ItemMatrix/3/Image").json()["Image"] == made
    path = f"ItemMatrix/3/Image/{made['imageID']}"
    assert owner.put(path, {"description": "Front"}).json()["Image"]["description"] == "Front"
    assert owner.get(f"Item/12/Image/{made['imageID']}").status_code == 404


@pytest.mark.parametrize(
    ("path", "data", "picture"),
    [
        ("Item/12/Image", {}, None),
        ("Image", {"description": "Nobody's"}, ("x.png", PNG, "image/png")),
        ("Image", {"itemID": 99}, ("x.png", PNG, "image/png")),
    ],
)
def test_picture_without_a_file_or_an_item_is_refused(owner, path, data, picture):
    assert upload(owner, path, data, picture).status_code == 400
    assert owner.records("Image") == []


def test_plain_json_uploads_nothing(owner):
    assert owner.post("Image", {"itemID": 12, "description": "x"}).status_code == 400


def test_deleted_picture_is_gone_with_its_file(owner):
    image = upload(owner).json()["Image"]
    assert owner.delete(f"Image/{image['imageID']}").json()["Image"] == image
    assert owner.get(f"Image/{image['imageID']}").status_code == 404
    url = f"{image['baseImageURL']}{image['publicID']}.jpg"
    assert requests.get(url, timeout=5).headers["Content-Type"] == "image/svg+xml"


def test_uploaded_picture_goes_with_a_reset(owner, simulator):
    image = upload(owner).json()["Image"]
    simulator.reset()
    url = f"{image['baseImageURL']}{image['publicID']}.png"
    assert requests.get(url, timeout=5).headers["Content-Type"] == "image/svg+xml"
