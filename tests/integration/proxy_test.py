"""A council that reaches the world through an HTTP proxy alone: it enrols, answers a round and asks through it. Real processes; the
proxy knows CONNECT and nothing else, and sees the bytes of TLS alone."""

import contextlib
import json
import socket
import threading
import unittest

import made_up
from harness import Federation, run, wait_until

LIMIT = 65_536


class Proxy:
    """Passes bytes on both ways between who asks CONNECT and whom it asks for; remembers what passed."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.asked = []
        self.passed = bytearray()
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(LIMIT)
            if not more:
                return
            head += more
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        self.asked.append((method, target))
        host, _, port = target.rpartition(":")
        with client, socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self.copy, args=(server, client), daemon=True)
            back.start()
            self.copy(client, server)
            back.join()

    def copy(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(LIMIT):
                self.passed += data
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class BehindAProxy(unittest.TestCase):
    def test_a_council_takes_part_through_an_http_proxy(self):
        proxy = Proxy()
        self.addCleanup(proxy.close)
        with Federation() as federation:
            configs, _, catalogue = made_up.prepare(federation, 3, people=60)
            federation.start_coordinator(catalogue=catalogue)
            behind = next(iter(configs))
            text = configs[behind].read_text()
            configs[behind].write_text(text.replace("[node]\n", f'[node]\nhttps_proxy = "127.0.0.1:{proxy.port}"\n', 1))
            for code, config in configs.items():
                federation.enrol(code, config)
                federation.start_node(code, config)
            wait_until(lambda: "node started" in federation.nodes[behind].log(), "the node")
            federation.open_round(made_up.ROUND.format(id="proxied", minutes=30))
            federation.wait_published("proxied")
            answered = [one["code"] for one in federation.round("proxied")["councils"] if one["answered"]]
            self.assertEqual(answered, list(configs))
            position = run("waymark-node", "position", "--config", configs[behind], "--metric", "1", "--json")[0]
            self.assertTrue(json.loads(position))
            self.assertEqual({method for method, _ in proxy.asked}, {"CONNECT"})
            self.assertIn(f"127.0.0.1:{federation.port}", {target for _, target in proxy.asked})
            # What passed is sealed: neither the round's name nor the council's code is in it.
            self.assertGreater(len(proxy.passed), 10_000)
            for word in (b"proxied", behind.encode()):
                self.assertNotIn(word, bytes(proxy.passed))


if __name__ == "__main__":
    unittest.main()
