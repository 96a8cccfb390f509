"""Starts a plan given as JSON, as any program with a Temporal SDK can, and prints what the run came to."""

import asyncio
import json
import os
import sys

from temporalio.client import Client


async def main() -> None:
    address, task_queue, workflow_id, plan = sys.argv[1:]
    client = await Client.connect(address)
    result = await client.execute_workflow(
        "run", {"plan": json.loads(plan)}, id=workflow_id, task_queue=task_queue
    )
    print(json.dumps(result))


asyncio.run(main())
sys.stdout.flush()
# Taking the interpreter down may abort in the SDK's own threads (PyGILState_Release): the work is done by then.
os._exit(0)
