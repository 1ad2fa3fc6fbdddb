"""What the tests of the official Python client have in common."""

import unittest

from openai import OpenAI


class Case(unittest.TestCase):
    """Tests with one client, which repeats no request of itself."""

    @classmethod
    def setUpClass(cls):
        cls.client = OpenAI(max_retries=0)

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
