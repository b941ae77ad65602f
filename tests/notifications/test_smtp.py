"""Letters over real SMTP on loopback: connections kept, TLS, login, and what a refusal means."""

import asyncio
import ssl
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from notifications.compose import compose
from notifications.smtp import Relay, Server, Undelivered, shared_context
from notifications.specimen import specimen
from responsibilities.words import Refused
from tests.faults.relays import DROP, Place, ScriptedRelay, scripted_relay
from tests.notifications.servers import HOST, PASSWORD, USER, self_signed, taking

SENDER, TO = "duban@college.example", "nursing@college.example"
LETTER = compose(specimen("overdue", "zh"))
T = TypeVar("T")
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


async def send(server: Server, times: int = 1, connections: int = 4) -> list[Any]:
    """`times` letters at once; what became of each: the answer, or the Undelivered."""
    async with Relay(server, connections) as relay:
        sending = [relay.send(SENDER, TO, LETTER) for _ in range(times)]
        return await asyncio.gather(*sending, return_exceptions=True)


def at(relay: ScriptedRelay) -> Server:
    return Server(HOST, relay.port, tls="none", name="duban.example", timeout=5, deadline=10)


# ---- when all is well ----


def test_a_letter_arrives_byte_for_byte_and_the_relays_answer_is_kept() -> None:
    with taking() as took:
        (answer,) = run(send(took.server))
    assert answer == "2.0.0 queued as 1"
    assert took.letters[0].content == LETTER
    assert (took.letters[0].sender, took.letters[0].recipients) == (SENDER, [TO])


def test_many_letters_share_few_connections_which_end_with_quit() -> None:
    with taking() as took:
        answers = run(send(took.server, times=40, connections=3))
    assert len(took.letters) == 40
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert len(took.connections) <= 3
    assert took.goodbyes == len(took.connections)


def test_a_line_that_begins_with_a_dot_arrives_with_its_dot() -> None:
    message = b"Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\n"
    with taking() as took:

        async def one() -> None:
            async with Relay(took.server) as relay:
                await relay.send(SENDER, TO, message)

        run(one())
    assert took.letters[0].content == message


@pytest.mark.parametrize("message", [b"a\nb\r\n", b"a\r\n\0\r\n"])
def test_bytes_that_smtp_would_change_are_refused(message: bytes) -> None:
    async def one() -> None:
        async with Relay(Server(HOST, 1)) as relay:
            await relay.send(SENDER, TO, message)

    with pytest.raises(Refused, match="裸换行"):
        run(one())


@pytest.mark.parametrize(
    "bad", ["a@c.example\r\nRCPT TO:<b@c.example>", "a@c.example>", "a b@c.example"]
)
def test_an_envelope_address_is_checked_before_the_library_cuts_it(bad: str) -> None:
    async def one(sender: str, to: str) -> None:
        async with Relay(Server(HOST, 1)) as relay:
            await relay.send(sender, to, LETTER)

    for sender, to in ((bad, TO), (SENDER, bad)):
        with pytest.raises(Refused, match="不合规范"):
            run(one(sender, to))


# ---- TLS and login ----


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_letter_goes_over_tls_after_login(tls: Any, tmp_path: Path) -> None:
    theirs, ours = self_signed(tmp_path)
    with taking(tls, theirs, login=True) as took:
        server = replace(took.server, tls=tls, context=ours, username=USER, password=PASSWORD)
        answers = run(send(server, times=6, connections=2))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert took.logins <= 2
    assert len(took.letters) == 6


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_certificate_nobody_vouches_for_stops_all_mail(tls: Any, tmp_path: Path) -> None:
    theirs, _ = self_signed(tmp_path)
    with taking(tls, theirs) as took:
        (error,) = run(send(replace(took.server, tls=tls, context=ssl.create_default_context())))
    assert isinstance(error, Undelivered)
    assert (error.stage, error.stop, error.permanent) == ("connect", True, False)
    assert not took.letters


def test_a_certificate_of_another_host_stops_all_mail(tmp_path: Path) -> None:
    theirs, ours = self_signed(tmp_path, "192.0.2.1")
    with taking("tls", theirs) as took:
        (error,) = run(send(replace(took.server, tls="tls", context=ours)))
    assert error.stop
    assert "证书" in error.words.zh
    assert not took.letters


def test_a_relay_that_offers_no_starttls_gets_no_letter_in_clear() -> None:
    with taking() as took:
        (error,) = run(send(replace(took.server, tls="starttls")))
    assert (error.stage, error.stop) == ("connect", True)
    assert not took.letters


def test_a_relay_that_offers_no_login_stops_all_mail() -> None:
    with taking() as took:
        (error,) = run(send(replace(took.server, username=USER, password=PASSWORD)))
    assert (error.stage, error.stop) == ("auth", True)
    assert not took.letters


def test_a_wrong_password_is_tried_once_and_not_by_every_connection() -> None:
    with taking(login=True) as took:
        server = replace(took.server, username=USER, password="wrong")
        errors = run(send(server, times=20, connections=8))
    assert [(e.stage, e.code, e.stop, e.permanent) for e in errors] == [
        ("auth", 535, True, False)
    ] * 20
    assert took.logins <= 3, "one attempt, by each of the methods the relay offers"
    assert "授权码" in errors[0].words.zh
    assert PASSWORD not in str(errors[0])


def test_once_one_connection_is_in_the_others_enter_together() -> None:
    """This relay greets the second only when the eighth has come."""
    come, everybody = 0, asyncio.Event()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal come
        come += 1
        if come == 8:
            everybody.set()
        if come > 1:
            await everybody.wait()
        writer.write(b"220 together\r\n")
        while line := await reader.readline():
            if line.startswith(b"DATA"):
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            if line.startswith(b"MAIL"):
                await everybody.wait()
            writer.write(b"250 ok\r\n")
        writer.close()

    async def eight() -> list[Any]:
        listening = await asyncio.start_server(greet, HOST, 0)
        port = listening.sockets[0].getsockname()[1]
        async with listening:
            server = Server(HOST, port, tls="none", timeout=5, deadline=5, name="duban.example")
            return await send(server, times=8, connections=8)

    assert run(eight()) == ["ok"] * 8


def test_the_tls_context_is_built_once_in_a_process() -> None:
    assert shared_context() is shared_context()


# ---- P9: every code at every stage ----

RETRY = (False, False, False, False)
PERMANENT = (True, False, False, False)
HOLD = (True, True, False, False)
STOP = (False, False, True, False)
UNCERTAIN = (False, False, False, True)
PLACES: tuple[Place, ...] = ("connect", "mail", "rcpt", "data", "content")
LATER = (421, 432, 450, 451, 452, 454, 471)
NEVER = (500, 501, 503, 504, 521, 541, 550, 551, 553, 554, 555, 556, 571)
FOR_GOOD = {"connect": RETRY, "mail": STOP, "rcpt": PERMANENT, "data": HOLD, "content": HOLD}
WHEN_FULL = FOR_GOOD | {"mail": PERMANENT}
WHEN_LOST = {place: RETRY for place in PLACES} | {"content": UNCERTAIN}
TOO_FAST = (
    "550 5.7.1 Mail rate limit exceeded, try again later",
    "550 发送频率过高，请稍后再试",
    "554 DT:SUM user sends too many messages",
    "550 Frequency limit, please slow down",
)
FULL = ("552 5.2.2 Mailbox quota exceeded", "550 5.2.2 user over quota exceeded")
STAGES = {"connect": "connect", "mail": "mail", "rcpt": "rcpt", "data": "data", "content": "data"}
Verdict = tuple[bool, bool, bool, bool]
CASES: list[tuple[Place, str, Verdict]] = [
    *((place, f"{code} no", RETRY) for place in PLACES for code in LATER),
    *((place, f"{code} no", FOR_GOOD[place]) for place in PLACES for code in NEVER),
    *((place, "552 too much", WHEN_FULL[place]) for place in PLACES),
    *((place, "530 5.7.0 log in first", STOP) for place in PLACES),
    *((place, DROP, WHEN_LOST[place]) for place in PLACES),
    *((place, answer, RETRY) for place in PLACES[1:] for answer in TOO_FAST),
    *(("rcpt", answer, PERMANENT) for answer in FULL),
    *((place, "hello", WHEN_LOST[place]) for place in PLACES),
]  # fmt: skip


def verdict(error: Undelivered) -> Verdict:
    return (error.permanent, error.hold, error.stop, error.uncertain)


@pytest.mark.parametrize(("place", "answer", "expected"), CASES)
def test_a_refusal_is_judged_by_code_and_stage(
    place: Place, answer: str, expected: Verdict
) -> None:
    with scripted_relay() as relay:
        relay.always[place] = answer
        (error,) = run(send(at(relay)))
    assert isinstance(error, Undelivered)
    assert verdict(error) == expected
    assert error.stage == STAGES[place]
    if answer[:3].isdigit():
        assert error.code == int(answer[:3])
        assert answer[:3] in error.words.zh
        assert answer[:3] in error.words.en


def test_a_relay_that_is_not_there_is_tried_again_later() -> None:
    (error,) = run(send(Server(HOST, 1, tls="none", timeout=5, name="duban.example")))
    assert (error.stage, verdict(error)) == ("connect", RETRY)


def test_a_relay_that_never_answers_is_left_after_the_deadline() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def one() -> Any:
        listening = await asyncio.start_server(mute, HOST, 0)
        port = listening.sockets[0].getsockname()[1]
        async with listening:
            silent = Server(HOST, port, tls="none", timeout=5, deadline=0.1, name="duban.example")
            return await send(silent)

    (error,) = run(one())
    assert (error.stage, verdict(error)) == ("connect", RETRY)


def test_any_yes_after_the_letter_is_a_yes() -> None:
    """A retry after 251 or 299 would be a second copy."""
    with scripted_relay() as relay:
        relay.always["content"] = "299 fine by me"
        (answer,) = run(send(at(relay)))
    assert answer == "fine by me"
    assert len(relay.taken) == 1


def test_one_refused_recipient_does_not_hold_up_the_next_letter() -> None:
    with scripted_relay() as relay:
        relay.script["rcpt"] = ["550 5.1.1 no such user"]
        outcome = run(send(at(relay), times=3, connections=1))
    assert [isinstance(one, Undelivered) for one in outcome] == [True, False, False]
    assert "RSET" in relay.commands
    assert relay.commands.count("EHLO duban.example") == 1


def test_a_connection_that_died_while_idle_is_replaced_without_a_word() -> None:
    async def two(relay: ScriptedRelay) -> list[str]:
        async with Relay(at(relay), 1) as open_relay:
            first = await open_relay.send(SENDER, TO, LETTER)
            relay.script["mail"] = ["421 4.4.2 idle for too long"]
            return [first, await open_relay.send(SENDER, TO, LETTER)]

    with scripted_relay() as relay:
        assert run(two(relay)) == ["2.0.0 queued", "2.0.0 queued"]
    assert relay.commands.count("EHLO duban.example") == 2
    assert len(relay.taken) == 2


def test_a_relay_that_says_421_on_a_new_connection_is_not_asked_again_at_once() -> None:
    with scripted_relay() as relay:
        relay.always["mail"] = "421 4.7.0 go away"
        (error,) = run(send(at(relay)))
    assert verdict(error) == RETRY
    assert relay.commands.count("EHLO duban.example") == 1


def test_after_a_stop_the_other_letters_do_not_knock_again() -> None:
    with scripted_relay() as relay:
        relay.always["mail"] = "550 5.7.1 sender not allowed"
        errors = run(send(at(relay), times=5, connections=1))
    assert [verdict(error) for error in errors] == [STOP] * 5
    assert len([line for line in relay.commands if line.startswith("MAIL")]) == 1


def test_the_relays_words_are_shown_as_one_printable_line() -> None:
    with scripted_relay() as relay:
        relay.always["rcpt"] = "550 no\x1b[31m such\x07 user " + "x" * 500
        (error,) = run(send(at(relay)))
    assert error.reply.startswith("no [31m such user xxx")
    assert len(error.reply) <= 300
    assert error.reply.isprintable()


# ---- pipelining: MAIL, RCPT and DATA in one go, and every answer still read in its place ----


def test_letters_arrive_whole_with_and_without_pipelining() -> None:
    for pipelining in (True, False):
        with taking() as took:
            took.pipelining = pipelining
            answers = run(send(took.server, times=10, connections=2))
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert [letter.content for letter in took.letters] == [LETTER] * 10


@pytest.mark.parametrize("place", ["mail", "rcpt", "content"])
@pytest.mark.parametrize("code", [450, 550, 552])
def test_a_refusal_in_a_pipeline_is_told_of_the_right_letter(place: Place, code: int) -> None:
    expected = RETRY if code < 500 else (WHEN_FULL if code == 552 else FOR_GOOD)[place]
    with taking() as took:
        took.refusals[place] = [f"{code} no"]
        outcome = run(send(took.server, times=3, connections=1))
    assert isinstance(outcome[0], Undelivered)
    assert (outcome[0].stage, verdict(outcome[0])) == (STAGES[place], expected)
    if not outcome[0].stop:
        assert outcome[1:] == ["2.0.0 queued as 1", "2.0.0 queued as 2"]
        assert len(took.connections) == 1


def test_a_relay_that_asks_for_the_letter_after_refusing_everybody_gets_an_empty_one() -> None:
    """RFC 2920 3.1: the client then sends a lone dot, so that the connection stays in step."""
    said: list[bytes] = []

    async def odd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 odd\r\n")
        answers = {
            b"EHLO": b"250-odd\r\n250 PIPELINING",
            b"RCPT": b"550 nobody",
            b"DATA": b"354 go",
        }
        answers |= {b".\r\n": b"554 no recipients", b"QUIT": b"221 bye"}
        while line := await reader.readline():
            said.append(line)
            writer.write(answers.get(line[:4], answers.get(line, b"250 ok")) + b"\r\n")
            if line.startswith(b"QUIT"):
                break
        writer.close()

    async def one() -> Any:
        listening = await asyncio.start_server(odd, HOST, 0)
        port = listening.sockets[0].getsockname()[1]
        async with listening:
            return await send(Server(HOST, port, tls="none", timeout=5, name="duban.example"))

    (error,) = run(one())
    assert (error.stage, error.code, verdict(error)) == ("rcpt", 550, PERMANENT)
    assert [line.split(b" ")[0].strip() for line in said] == [
        b"EHLO", b"MAIL", b"RCPT", b"DATA", b".", b"RSET", b"QUIT",
    ]  # fmt: skip
