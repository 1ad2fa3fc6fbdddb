"""The OpenAPI document is valid by the rules of OpenAPI 3.1."""

import json
import os
import unittest
from urllib.request import urlopen

from openapi_spec_validator import OpenAPIV31SpecValidator


class Valid(unittest.TestCase):
    def check(self, path):
        with urlopen(os.environ["OPENAI_BASE_URL"] + path) as answer:
            document = json.load(answer)
        errors = [f"{error.json_path}: {error.message:.300}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
        self.assertEqual(errors, [])

    def test_document(self):
        self.check("/openapi.json")
        self.check("/v1/openapi.json")


if __name__ == "__main__":
    unittest.main()
