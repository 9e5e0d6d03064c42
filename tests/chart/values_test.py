# SPDX-License-Identifier: Apache-2.0
"""What can be said of the chart without helm: values, their schema and their README agree.

    python3 -B tests/chart/values_test.py
"""

import json
import os
import re
import unittest

import yaml

import readme
from values_file import commented_values, leaves

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def schema_leaves(schema, stop, path=""):
    """The paths of the schema's properties, down to those in `stop`."""
    for name, part in schema["properties"].items():
        here = f"{path}.{name}" if path else name
        if here not in stop and "properties" in part:
            yield from schema_leaves(part, stop, here)
        else:
            yield here


def open_objects(schema, path=""):
    """Objects whose properties are listed, and that take others too."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("additionalProperties") is not False:
            yield path
        for name, part in schema.items():
            yield from open_objects(part, f"{path}/{name}")


def without_descriptions(part):
    if not isinstance(part, dict):
        return part
    names = ("description", "default")
    return {k: without_descriptions(v) for k, v in part.items() if k not in names}


class Values(unittest.TestCase):
    def setUp(self):
        self.text = read("helm/values.yaml")
        self.values = yaml.safe_load(self.text)
        self.commented = {value.path: value for value in commented_values(self.text)}
        self.schema = json.loads(read("helm/values.schema.json"))

    def test_every_value_has_a_comment(self):
        found = list(leaves(self.values, self.commented))
        self.assertGreater(len(found), 50)
        self.assertEqual([path for path in found if path not in self.commented], [])

    def test_a_value_without_a_comment_is_noticed(self):
        twin = "a:\n  # Seconds.\n  b: 1\n  c: 2\n"
        commented = {value.path: value for value in commented_values(twin)}
        found = list(leaves(yaml.safe_load(twin), commented))
        self.assertEqual([path for path in found if path not in commented], ["a.c"])

    def test_comments_are_sentences(self):
        for value in self.commented.values():
            self.assertRegex(value.comment, r"^\S.*[.]$", value.path)

    def test_the_schema_has_the_same_values(self):
        wanted = set(leaves(self.values, self.commented))
        found = set(schema_leaves(self.schema, self.commented)) - {"global"}
        self.assertEqual(found, wanted)

    def test_the_schema_refuses_what_it_does_not_know(self):
        self.assertEqual(list(open_objects(self.schema)), [])
        twin = {"properties": {"a": {"properties": {}, "additionalProperties": False}}}
        self.assertEqual(list(open_objects(twin)), [""])

    def test_the_rights_of_callers_are_those_of_the_policy(self):
        path = "service/trust/policy.schema.json"
        if not os.path.exists(os.path.join(TOP, path)):
            self.skipTest(f"LEFT OUT: there is no {path}")
        policy = json.loads(read(path))
        self.assertEqual(
            without_descriptions(self.schema["definitions"]["rights"]),
            without_descriptions(policy["$defs"]["rights"]),
        )

    def test_versions_agree(self):
        chart = yaml.safe_load(read("helm/Chart.yaml"))
        project = re.search(r"project\(\S+ VERSION (\S+)", read("CMakeLists.txt"))[1]
        self.assertEqual(chart["appVersion"], project)


class Readme(unittest.TestCase):
    def test_it_is_current(self):
        text = read("helm/README.md")
        self.assertEqual(readme.with_table(text, read("helm/values.yaml")), text)

    def test_an_old_one_is_noticed(self):
        text = read("helm/README.md")
        newer = read("helm/values.yaml").replace("# json or text.", "# json or xml.")
        self.assertNotEqual(readme.with_table(text, newer), text)


if __name__ == "__main__":
    unittest.main()
