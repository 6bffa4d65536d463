"""The page of the reference that says what each role may do, made from the table that the checks are made from."""

from typing import Any

from modelyard.server.accounts.roles import JOBS, OPERATIONS, PERMISSIONS, ROLE_TEXTS, ROLES, Need, who_may

_HEAD = """# Roles

What a person may do in a project follows from their role in it. This page is made from the one table in the code,
`accounts/roles.py`, from which the server's checks and the buttons of the browser application are made too.

An API token may do what the person may whose token it is, within the token's own scopes. Whoever works on the data
directory itself, on the server's machine, counts as an owner of every project.
"""

_RULES = """## Rules

- Whoever makes a project owns it. A project always has an owner who can sign in: the last one can't leave, can't be
  given another role, and their account can't be closed before somebody else owns the project.
- Nobody gives a role above their own, and nobody changes or removes a person whose role is above their own.
- An invitation link carries a role. It is worth what its author may still give when it is used.
- An administrator of the installation manages accounts. They see whose the projects are, and no picture of a project
  that they are no member of. They can make themselves its owner, for a reason that they write down; it is kept in the
  project's audit trail.
- Closing an account ends at once what it has open: sessions, API tokens, jobs that wait or run, pictures that were
  handed out, and pages that follow along. Opening it again gives back the projects; sign-ins and tokens are made anew.
- Every change of a role, and of who is an administrator, is an entry of the audit trail.
"""

_GENERAL: dict[Need, str] = {
    "administer": "Administrators of the installation",
    "signed_in": "Everybody who is signed in, for themselves",
    "everybody": "Everybody, also without signing in",
}


def page(described: dict[str, Any]) -> str:
    """Return the page as Markdown; `described` is the OpenAPI document."""
    operations = {
        operation["operationId"]: (f"{method.upper()} {path.removeprefix('/api/v1')}", operation["summary"])
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    }
    parts = [_HEAD, _table(), _RULES, _jobs(), "## Operations\n"]
    for need in (*PERMISSIONS, *_GENERAL):
        rows = [
            f"| `{address}` | {text} |" for address, text in (operations.get(o, ("", "")) for o in OPERATIONS[need])
        ]
        title = _GENERAL.get(need) or f"May {PERMISSIONS[need].text}"  # type: ignore[index]
        table = "\n".join(["| address | what it does |", "|---|---|", *(row for row in rows if "``" not in row)])
        parts.append(f"### {title}\n\n{table}\n")
    return "\n".join(parts)


def _table() -> str:
    rows = [
        f"| {grant.text} | {' | '.join('yes' if role in who_may(name) else '' for role in ROLES)} |"
        for name, grant in PERMISSIONS.items()
    ]
    meanings = [f"| {role} | {text} |" for role, text in ROLE_TEXTS.items()]
    return "\n".join(
        [
            *("| role | what it is for |", "|---|---|", *meanings, ""),
            *(f"| may | {' | '.join(ROLES)} |", f"|---|{'---|' * len(ROLES)}", *rows, ""),
        ]
    )


def _jobs() -> str:
    kinds = [f"| `{kind}` | {PERMISSIONS[work.permission].text} |" for kind, work in JOBS.items()]
    text = "Everybody in a project sees its jobs. Cancelling one, or running it again, takes what beginning it takes:"
    return "\n".join(["## Jobs", "", text, "", "| kind of job | takes who may |", "|---|---|", *kinds, ""])
