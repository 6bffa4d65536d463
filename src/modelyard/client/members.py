"""Who belongs to a project and in which role."""

from typing import Any

from modelyard.client.connection import Connection
from modelyard.errors import NotFound


class MemberNotFound(NotFound):
    """This person is not a member of the project."""


class Members:
    """A project's members, named by their e-mail address.

    Roles are "viewer", "annotator", "reviewer", "manager" and "owner".
    """

    def __init__(self, connection: Connection, project_id: str) -> None:
        self._connection = connection
        self._path = f"/projects/{project_id}"

    def list(self) -> list[dict[str, Any]]:
        """Return the members with their roles, longest first."""
        found: list[dict[str, Any]] = self._connection.request("GET", f"{self._path}/members")
        return found

    def add(self, email: str, role: str = "annotator") -> dict[str, Any]:
        """Make somebody with an account a member; who is one already keeps their role."""
        found: dict[str, Any] = self._connection.request(
            "POST", f"{self._path}/members", json={"email": email, "role": role}
        )
        return found

    def set_role(self, email: str, role: str) -> dict[str, Any]:
        """Give a member another role, none above one's own; raises `MemberNotFound`."""
        found: dict[str, Any] = self._connection.request(
            "PATCH", f"{self._path}/members/{self._id_of(email)}", json={"role": role}
        )
        return found

    def remove(self, email: str) -> None:
        """Take somebody out of the project; raises `MemberNotFound`."""
        self._connection.request("DELETE", f"{self._path}/members/{self._id_of(email)}")

    def hand_over(self, email: str) -> None:
        """Make a member an owner in one's own place, and become a manager; raises `MemberNotFound`."""
        self._connection.request("POST", f"{self._path}/transfer", json={"user_id": self._id_of(email)})

    def leave(self) -> None:
        """Leave the project oneself."""
        self._connection.request("POST", f"{self._path}/leave")

    def invite(self, role: str = "annotator") -> dict[str, Any]:
        """Make a link (`url`) with which one person can join in this role within a week."""
        found: dict[str, Any] = self._connection.request("POST", f"{self._path}/invitations", json={"role": role})
        return found

    def _id_of(self, email: str) -> str:
        for member in self.list():
            if member["email"] == email.strip().lower():
                return str(member["user_id"])
        raise MemberNotFound(f"{email!r} is not a member of the project.")
