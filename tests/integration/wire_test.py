"""Nothing of a record leaves a node: a proxy opens the TLS between nodes and coordinator (the test holds all the keys),
keeps every byte in plain, and the test searches those bytes, and all that the coordinator stored or logged, for the ids
and dates of the data."""

import asyncio
import re
import ssl
import threading
import unittest

import made_up
from harness import Federation, free_port

NODES = 4


class OpeningProxy:
    """Ends TLS with the coordinator's own server key, and speaks on with the key of the node that called."""

    def __init__(self, port, upstream_port, state, node_identities):
        self.port, self.upstream_port = port, upstream_port
        self.state, self.node_identities = state, node_identities
        self.captured = {"from nodes": bytearray(), "to nodes": bytearray()}
        self.ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.serve, daemon=True).start()
        self.ready.wait(10)

    def serve(self):
        asyncio.set_event_loop(self.loop)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.state / "server" / "certificate.pem", self.state / "server" / "key.pem")
        context.load_verify_locations(self.state / "authority" / "authority.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        context.set_alpn_protocols(["h2"])
        self.loop.run_until_complete(asyncio.start_server(self.call, "127.0.0.1", self.port, ssl=context))
        self.ready.set()
        self.loop.run_forever()

    async def call(self, reader, writer):
        uri = dict(writer.get_extra_info("peercert")["subjectAltName"])["URI"]
        identity = self.node_identities[uri.rsplit("/", 1)[1]]
        context = ssl.create_default_context(cafile=identity / "authority.pem")
        context.load_cert_chain(identity / "certificate.pem", identity / "key.pem")
        context.set_alpn_protocols(["h2"])
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.upstream_port, ssl=context,
                                                             server_hostname="localhost")
        await asyncio.gather(self.pump(reader, up_writer, "from nodes"), self.pump(up_reader, writer, "to nodes"),
                             return_exceptions=True)

    async def pump(self, reader, writer, direction):
        try:
            while data := await reader.read(65536):
                self.captured[direction] += data
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


class Wire(unittest.TestCase):
    def test_no_id_of_the_data_is_ever_sent(self):
        with Federation() as federation:
            configs, secret, catalogue = made_up.prepare(federation, NODES)
            proxy_port = free_port()
            federation.start_coordinator(catalogue=catalogue, address=f"127.0.0.1:{proxy_port}")
            state = federation.directory / "coordinator-state"
            proxy = OpeningProxy(proxy_port, federation.port, state,
                                 {code: config.parent / "state" / "identity" for code, config in configs.items()})
            for code, config in configs.items():
                federation.enrol(code, config)
                federation.start_node(code, config)
            # The operator goes straight to the coordinator; only nodes go through the proxy.
            client = federation.operator / "client.toml"
            client.write_text(re.sub(r'address = "[^"]*"', f'address = "127.0.0.1:{federation.port}"',
                                     client.read_text(), count=1))
            federation.open_round(made_up.ROUND.format(id="wire", minutes=30))
            federation.wait_published("wire")
            for node in federation.nodes.values():
                node.stop()
            sent = bytes(proxy.captured["from nodes"])
            # The capture is the plain traffic: each council's release is in it, readable.
            for code in configs:
                self.assertIn(code.encode(), sent)
            self.assertIn(b"denominator", sent)
            self.assertGreater(len(secret), 1000)
            kept = b"".join(path.read_bytes() for path in state.rglob("*") if path.is_file())
            kept += (federation.directory / "coordinator.log").read_bytes()
            for place, haystack in (("on the wire", sent), ("at the coordinator", kept)):
                for needle in sorted(secret):
                    self.assertNotIn(needle.encode(), haystack, f"an id of the data stands {place}")
                for prefix in (b"PERSON-", b"FAMILY-", b"EPISODE-", b"CONTACT-", b"REFERRAL-", b"WORKER-", b"Team A"):
                    self.assertNotIn(prefix, haystack, f"part of a record stands {place}")
            dates = set(re.findall(rb"20\d\d-[01]\d-[0-3]\d", sent))
            self.assertEqual(dates, set(), "a date stands on the wire; periods are named by year")


if __name__ == "__main__":
    unittest.main()
