#!/usr/bin/python3
"""Peers that send too much, too large, or never read: everybody else is served, memory is bounded and comes back."""
import os
import sys
import threading
import time

from campaign_support import Listener, assert_order_per_interaction, await_decided, await_delivered
from support import PATIENCE_S, Cell, Register, event, event_pb2, now_us, publish_pb2, tell, wait_until, zmq

MIB = 1024 * 1024
FLOOD_S = 3


def memory_mib(cell, name, word="VmRSS"):
    with open(f"/proc/{cell.pid(name)}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(word + ":")) // 1024


class Flood(threading.Thread):
    """Sends the same message as fast as it goes, and reads nothing."""

    def __init__(self, endpoint, message):
        super().__init__(daemon=True)
        self.endpoint, self.message, self.sent = endpoint, message, 0
        self.start()

    def run(self):
        socket = zmq.Context().socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.SNDHWM, 2)
        socket.setsockopt(zmq.RCVHWM, 1)
        socket.setsockopt(zmq.SNDTIMEO, 200)
        socket.connect(self.endpoint)
        ends = time.monotonic() + FLOOD_S
        while time.monotonic() < ends:
            try:
                socket.send(self.message, copy=False)
                self.sent += 1
            except zmq.Again:
                pass
        socket.close()


def largest_request(source):
    request = publish_pb2.RegisterRequest()
    request.publish.request_id, request.publish.sent_at = 1, now_us()
    for _ in range(1000):
        request.publish.events.append(event("complaint", source=source, about=event_pb2.PRICE, text="x" * 3900))
    return request.SerializeToString()


def the_largest_requests_by_the_dozen_leave_ingest_small_again():
    with Cell() as cell:
        for messages in ([largest_request(f"17/flood-{number}") for number in range(8)], [os.urandom(4 * MIB)] * 8):
            floods = [Flood(cell.publish, message) for message in messages]
            for flood in floods:
                flood.join()
            assert sum(flood.sent for flood in floods) > 16
            assert memory_mib(cell, "ingest", "VmHWM") < 512, memory_mib(cell, "ingest", "VmHWM")
            register = Register(cell.publish)
            register.ask(event())
            register.close()
            wait_until(lambda: memory_mib(cell, "ingest") < 64, PATIENCE_S, "ingest is small again")


def a_register_that_never_reads_takes_nothing_from_others():
    with Cell() as cell:
        deaf = Register(cell.publish)
        deaf.socket.setsockopt(zmq.SNDTIMEO, 2000)
        for _ in range(20000):
            try:
                deaf.publish(event(source="17/deaf"))
            except zmq.Again:
                break
        register = Register(cell.publish)
        for _ in range(20):
            register.ask(event())
        wait_until(lambda: cell.metric("ingest", "bellhop_ingest_requests_in_flight") == 0, PATIENCE_S, "all is answered")
        assert memory_mib(cell, "ingest", "VmHWM") < 100, memory_mib(cell, "ingest", "VmHWM")
        deaf.close()
        register.close()


class Torrent(threading.Thread):
    """Full requests without a pause, whatever is answered."""

    def __init__(self, cell):
        super().__init__(daemon=True)
        self.cell, self.busy, self.is_stopping = cell, 0, False
        self.start()

    def run(self):
        register = Register(self.cell.publish)
        register.socket.setsockopt(zmq.SNDTIMEO, 200)
        while not self.is_stopping:
            try:
                register.publish(*[event(source="17/torrent") for _ in range(500)])
            except zmq.Again:
                pass
            while register.socket.poll(0):
                self.busy += register.reply().publish.HasField("retry_after_ms")
        register.close()


def a_torrent_of_one_register_keeps_nobody_waiting_for_long():
    with Cell(BELLHOP_INGEST_PEER_BYTES="200KiB") as cell:
        torrent = Torrent(cell)
        wait_until(lambda: torrent.busy > 20, PATIENCE_S, "the torrent is more than its share")
        register = Register(cell.publish)
        for _ in range(10):
            began = time.monotonic()
            register.publish(event())
            reply = register.reply()
            assert reply and not reply.publish.HasField("retry_after_ms"), reply
            assert time.monotonic() - began < 3, time.monotonic() - began
        torrent.is_stopping = True
        torrent.join()
        register.close()


def however_many_sources_are_busy_a_restart_reads_little():
    with Cell() as cell:
        register = Register(cell.publish)

        def everybody():
            register.ask(*[event(source=f"17/till-{number}") for number in range(1000)])
            return int(cell.sql("SELECT head FROM bellhop.position")[0][0])
        first = everybody()
        wait_until(lambda: everybody() and int(cell.sql("SELECT sources_seq FROM bellhop_log.head")[0][0]) >= first, PATIENCE_S,
                   "what is known of all of them is written")
        register.close()


def subscribers_that_confirm_nothing_leave_relay_bounded_and_others_served():
    with Cell() as cell:
        register = Register(cell.publish)
        for batch in range(10):
            register.ask(*[event("leaving_signalled", interaction_id=f"i-{batch}-{number}") for number in range(300)])
        register.close()
        await_decided(cell)
        hoarders = [Listener(cell, f"hoarder-{number}", confirms=False) for number in range(40)]
        polite = Listener(cell, "polite")
        await_delivered(cell, polite)
        for listener in [polite, *hoarders]:
            listener.finish()
        assert_order_per_interaction(polite)
        assert memory_mib(cell, "relay", "VmHWM") < 160, memory_mib(cell, "relay", "VmHWM")


if __name__ == "__main__":
    sys.exit(tell(the_largest_requests_by_the_dozen_leave_ingest_small_again, a_register_that_never_reads_takes_nothing_from_others,
                  a_torrent_of_one_register_keeps_nobody_waiting_for_long,
                  however_many_sources_are_busy_a_restart_reads_little,
                  subscribers_that_confirm_nothing_leave_relay_bounded_and_others_served))
