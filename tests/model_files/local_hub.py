"""A local stand-in for the part of a model hub's HTTP API that downloads use."""

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

COMMITS = {"main": "1" * 40, "v2": "2" * 40, "refs/pr/1": "3" * 40}


@contextmanager
def local_hub(repositories):
    """Serve repositories and yield the address and a list of all requests so far.

    Args:
        repositories: By `user/name`, either the files by name, for all revisions, or a dictionary
            of such files for each revision.
    """
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.path)
            path = unquote(self.path.partition("?")[0]).strip("/")
            if path.startswith("api/models/"):
                name, _, revision = path.removeprefix("api/models/").partition("/revision/")
                return self._info(name, revision or "main")
            name, _, rest = path.partition("/resolve/")
            revision = next((r for r in COMMITS if rest.startswith(f"{r}/")), "")
            commit = COMMITS.get(revision, "")
            content = (self._files(name, commit) or {}).get(rest.removeprefix(f"{revision}/"))
            if content is None:
                return self._missing("EntryNotFound")
            etag = hashlib.sha256(content).hexdigest()
            return self._answer(200, content, {"ETag": f'"{etag}"', "X-Repo-Commit": commit})

        do_HEAD = do_GET  # noqa: N815

        def _files(self, name, commit):
            files = repositories.get(name)
            if files is None or not any(isinstance(value, dict) for value in files.values()):
                return files
            return next((files[r] for r, known in COMMITS.items() if known == commit), None)

        def _info(self, name, revision):
            if name not in repositories:
                return self._missing("RepoNotFound")
            commit = COMMITS.get(revision)
            if commit is None:
                return self._missing("RevisionNotFound")
            siblings = [
                {"rfilename": file, "size": len(content)}
                for file, content in self._files(name, commit).items()
            ]
            info = {"id": name, "modelId": name, "sha": commit, "siblings": siblings}
            return self._answer(200, json.dumps(info).encode(), {})

        def _missing(self, kind):
            status = 401 if kind == "RepoNotFound" else 404
            self._answer(status, b"{}", {"X-Error-Code": kind, "X-Error-Message": "no"})

        def _answer(self, status, content, headers):
            self.send_response(status)
            for header, value in headers.items():
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()
