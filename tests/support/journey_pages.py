"""A client at its own pages in the journeys: signed in, reading a case, sending one of its forms."""

from __future__ import annotations

from lxml import html

from infra.local import virtual_time
from infra.local.demo.browser import Browser, csrf_of
from infra.local.running import Running
from tests.support.journey import Creditor


class ClientPages:
    """In English; `running` is the stage."""

    def __init__(self, creditor: Creditor) -> None:
        self.running: Running = creditor.running
        self._browser = Browser(self.running.url, {"Accept-Language": "en", "Origin": self.running.url})
        door = self._browser.get("/client")
        fields = {"csrf": csrf_of(door), "username": creditor.email, "password": creditor.password}
        self._browser.post("/client", fields)

    def case(self, case_id: str) -> str:
        """Its page as text, white space made one."""
        return words_of(self._browser.get(f"/client/cases/{case_id}"))

    def home(self) -> str:
        return words_of(self._browser.get("/client/home"))

    def asked(self, case_id: str) -> str:
        """The page that asks before a case is withdrawn."""
        return words_of(self._browser.get(f"/client/cases/{case_id}/withdrawal"))

    def post(self, case_id: str, form: str, **fields: str) -> tuple[int, str]:
        """Status and text of the answer to a form."""
        token = csrf_of(self._browser.get(f"/client/cases/{case_id}"))
        status, page = self._browser.submit(f"/client/cases/{case_id}/{form}", {"csrf": token, **fields})
        return status, words_of(page) if page.strip() else ""

    def send(self, case_id: str, form: str, **fields: str) -> tuple[int, str]:
        """The same, once what it set off has come to rest."""
        answer = self.post(case_id, form, **fields)
        virtual_time.until_quiet(self.running)
        return answer


def words_of(page: str) -> str:
    body = html.fromstring(page)
    for part in body.xpath("//style|//script|//head"):
        part.drop_tree()
    return " ".join(" ".join(str(text) for text in body.itertext()).split())
