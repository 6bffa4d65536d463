"""What is said of names that mean no picture."""

import pytest

from modelyard.server.images.misses import explain, likely_cause


@pytest.mark.parametrize(
    ("missed", "present", "said"),
    [
        ("a/1.png", ["a/1.jpg"], "only the ending differs: “a/1.png” there, “a/1.jpg” here"),
        ("x/1.jpg", ["a/1.jpg", "b/1.jpg"], "in different folders, so that it is not clear which is meant"),
        ("x\\1.JPG", ["a/1.jpg"], "the folders differ: “x\\1.JPG” there, “a/1.jpg” here"),
        ("img_0001.jpg", ["IMG-1.jpg"], "written differently: “img_0001.jpg” there, “IMG-1.jpg” here"),
        ("cat.jpg", ["dog.jpg"], ""),
        ("---.jpg", ["+++.jpg"], ""),
    ],
)
def test_a10_the_likely_cause(missed: str, present: list[str], said: str):
    found = likely_cause([missed], present)
    assert said in found and bool(found) == bool(said)


def test_a10_the_first_five_of_each_side():
    text = explain("labels.csv", [f"{n}.png" for n in range(412)], 412, [f"b{n}.jpg" for n in range(9)])
    assert text == (
        "None of the 412 file names in labels.csv matches a picture; the first: “0.png”, “1.png”, “2.png”, “3.png”, "
        "“4.png”. Here are “b0.jpg”, “b1.jpg”, “b2.jpg”, “b3.jpg”, “b4.jpg”."
    )
    assert explain("a.csv", ["1.jpg"], 1, []).endswith("“1.jpg”. There are no pictures here yet.")
