"""Vapi's own Python SDK as an outside judge of the simulator: if the shapes were wrong, it would stumble."""

import os
import time
import unittest
from datetime import datetime, timedelta

from vapi import Vapi
from vapi.core.api_error import ApiError

# A new call appears in reads after a second or two.
VISIBLE_WITHIN_SECONDS = 10
ONCE = {"max_retries": 0, "timeout_in_seconds": 10}


class SdkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base_url = os.environ["VAPI_SIM_URL"]
        cls.client = Vapi(token=os.environ["VAPI_SIM_KEY"], base_url=cls.base_url)
        cls.assistants = cls.client.assistants.list(request_options=ONCE)
        cls.numbers = cls.client.phone_numbers.list(request_options=ONCE)
        cls.place = {
            "assistant_id": cls.assistants[0].id,
            "phone_number_id": next(number.id for number in cls.numbers if number.provider == "twilio"),
        }

    def create(self, **fields):
        return self.client.calls.create(**self.place, **fields, request_options=ONCE)

    def read(self, call_id):
        """The call, once the read lag is over."""
        deadline = time.monotonic() + VISIBLE_WITHIN_SECONDS
        while True:
            try:
                return self.client.calls.get(call_id, request_options=ONCE)
            except ApiError as error:
                self.assertEqual(error.status_code, 404)
                self.assertLess(time.monotonic(), deadline, "the call did not appear in time")
                time.sleep(0.2)

    def test_assistants_and_phone_numbers_are_lists(self):
        self.assertIsInstance(self.assistants, list)
        self.assertIsInstance(self.numbers, list)
        self.assertTrue(all(assistant.id and assistant.org_id for assistant in self.assistants))
        self.assertTrue(all(isinstance(assistant.created_at, datetime) for assistant in self.assistants))

    def test_a_call_is_created_read_and_listed(self):
        name = f"py-{time.time_ns()}"
        created = self.create(customer={"number": "+14155550181", "name": "James Chen"}, name=name)
        self.assertEqual(created.status, "queued")
        self.assertEqual(created.customer.number, "+14155550181")
        # Not in the SDK's class of a call, and kept under its own name.
        self.assertFalse(created.subscriptionLimits["concurrencyBlocked"])

        read = self.read(created.id)
        self.assertEqual((read.id, read.name), (created.id, name))

        since = created.created_at - timedelta(milliseconds=1)
        listed = self.client.calls.list(created_at_gt=since, limit=10, request_options=ONCE)
        self.assertIn(created.id, [call.id for call in listed])
        self.assertIsInstance(listed[0].created_at, datetime)

    def test_a_batch_tells_what_was_created_and_what_was_refused(self):
        batch = self.create(customers=[{"number": "+14155550182"}, {"number": "not a number"}])
        self.assertEqual((len(batch.results), len(batch.errors)), (1, 1))
        self.assertFalse(batch.subscription_limits.concurrency_blocked)
        self.assertIn("E.164", batch.errors[0].error)

    def test_refusals_have_the_status_and_the_texts_of_vapi(self):
        with self.assertRaises(ApiError) as refused:
            self.client.calls.create(customer={"number": "+14155550183"}, request_options=ONCE)
        self.assertEqual(refused.exception.status_code, 400)
        with self.assertRaises(ApiError) as stranger:
            Vapi(token="nobody", base_url=self.base_url).calls.list(request_options=ONCE)
        self.assertEqual(stranger.exception.status_code, 401)

    def test_an_assistant_is_created_changed_and_deleted(self):
        created = self.client.assistants.create(name="Made by the SDK", first_message="Hi", request_options=ONCE)
        changed = self.client.assistants.update(created.id, first_message="Hello", request_options=ONCE)
        self.assertEqual((changed.name, changed.first_message), ("Made by the SDK", "Hello"))
        self.client.assistants.delete(created.id, request_options=ONCE)
        with self.assertRaises(ApiError) as gone:
            self.client.assistants.get(created.id, request_options=ONCE)
        self.assertEqual(gone.exception.status_code, 404)


if __name__ == "__main__":
    unittest.main()
