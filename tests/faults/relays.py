"""A mail server that answers what the test tells it to, at the stage the test names."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from typing import Literal

Place = Literal["connect", "mail", "rcpt", "data", "content"]
"""`data` is the answer to the command DATA, `content` the one after the final dot."""
DROP = "drop"
"""Instead of an answer: the connection breaks."""
_VERBS: dict[str, Place] = {"MAIL": "mail", "RCPT": "rcpt", "DATA": "data"}
_FINE: dict[Place, str] = {
    "connect": "220 relay.example",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go on",
    "content": "250 2.0.0 queued",
}


class ScriptedRelay:
    """A server on loopback. `script` holds, for each place, the answers that come first.

    `taken` are the letters that were answered 250 (or dropped only after they had come in),
    `commands` every line that was said to it.
    """

    def __init__(self) -> None:
        self.port = 0
        self.script: dict[Place, list[str]] = {}
        self.always: dict[Place, str] = {}
        self.taken: list[bytes] = []
        self.commands: list[str] = []

    def message_ids(self) -> list[str]:
        """Of the letters taken, in order."""
        return [BytesHeaderParser().parsebytes(letter)["Message-ID"] for letter in self.taken]

    def _answer(self, place: Place) -> str:
        waiting = self.script.get(place)
        return waiting.pop(0) if waiting else self.always.get(place, _FINE[place])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = self._answer("connect")
        while answer != DROP:
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
            if answer.startswith("354"):
                content = await reader.readuntil(b"\r\n.\r\n")
                answer = self._answer("content")
                if answer == DROP or answer.startswith("2"):
                    self.taken.append(content[:-3].replace(b"\r\n..", b"\r\n."))
                continue
            line = (await reader.readuntil(b"\r\n")).decode().strip()
            self.commands.append(line)
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                return
            answer = self._answer(_VERBS[verb]) if verb in _VERBS else "250 ok"


@contextmanager
def scripted_relay() -> Iterator[ScriptedRelay]:
    """A scripted server in a thread of its own."""
    relay = ScriptedRelay()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(relay.serve, "127.0.0.1", 0))
    relay.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield relay
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
