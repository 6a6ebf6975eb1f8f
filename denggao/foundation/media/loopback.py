"""A stored file for a program that wants to jump about in it: read over a connection of this machine to itself, decrypted as it
goes. The plain bytes never lie on a disk."""

from __future__ import annotations

import http.server
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from denggao.foundation.files.models import StoredFile
from denggao.foundation.files.queries import open_file
from denggao.foundation.files.ranges import NotSatisfiable, Part, part_asked

_BLOCK = 256 * 1024


@contextmanager
def readable_at(stored: StoredFile) -> Iterator[str]:
    """The address at which a program of this machine may read the file, for as long as the block lasts. It can't be guessed."""
    place = f"/{secrets.token_urlsafe(24)}"

    class Handler(_Handler):
        file, path_known = stored, place

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{place}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    file: StoredFile
    path_known: str

    def do_GET(self) -> None:
        if not secrets.compare_digest(self.path, self.path_known):
            self.send_error(404)
            return
        try:
            part = part_asked(self.headers.get("Range", ""), self.file.size)
        except NotSatisfiable:
            self.send_error(416)
            return
        whole = part or Part(0, self.file.size - 1)
        self.send_response(206 if part else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(whole.size))
        if part:
            self.send_header("Content-Range", f"bytes {part.first}-{part.last}/{self.file.size}")
        self.end_headers()
        self._send(whole)

    def _send(self, part: Part) -> None:
        with open_file(self.file) as opened:
            opened.seek(part.first)
            left = part.size
            try:
                while left > 0 and (block := opened.read(min(_BLOCK, left))):
                    self.wfile.write(block)
                    left -= len(block)
            except OSError:
                # The program has jumped elsewhere, or has seen enough.
                self.close_connection = True

    def log_message(self, *_given: Any) -> None:
        """Nothing: the address is a secret."""
