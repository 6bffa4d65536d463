"""Members, roles and invitations over HTTP, and the projects of the installation for administrators."""

from uuid import UUID

from modelyard.server.accounts import invitations, roles
from modelyard.server.accounts.membership import RoleTooHigh
from modelyard.server.accounts.service import AdminsOnly, UserNotFound
from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import member_schemas as schemas
from modelyard.server.projects import members, repository, service
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.tables import ProjectMember, User

router = Routes(tags=["members"])


@router.get("/roles", operation_id="roles.list")
def list_roles(actor: CurrentActor) -> schemas.RoleTable:
    """Show what each role may do, from the lowest to the highest."""
    return schemas.RoleTable(
        roles=[
            schemas.RoleEntry(name=role, text=text, permissions=roles.permissions_of(role))
            for role, text in roles.ROLE_TEXTS.items()
        ],
        permissions=[
            schemas.PermissionEntry(name=name, text=grant.text, role=grant.role)
            for name, grant in roles.PERMISSIONS.items()
        ],
    )


@router.get("/projects/{project_id}/members", operation_id="members.list", responses=problems(ProjectNotFound))
def list_members(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Member]:
    """List who belongs to the project and in which role."""
    service.get(session, actor, project_id)
    return [_show(*row) for row in repository.members(session, project_id)]


@router.post(
    "/projects/{project_id}/members",
    operation_id="members.add",
    status_code=201,
    responses=problems(ProjectNotFound, UserNotFound, RoleTooHigh),
)
def add_member(project_id: UUID, body: schemas.MemberAdd, actor: CurrentActor, session: Writing) -> schemas.Member:
    """Make somebody with an account a member; who is one already keeps their role."""
    return _show(*members.add(session, actor, project_id, body.email, body.role))


@router.patch(
    "/projects/{project_id}/members/{user_id}",
    operation_id="members.update",
    responses=problems(ProjectNotFound, UserNotFound, RoleTooHigh, members.LastOwner),
)
def update_member(
    project_id: UUID, user_id: UUID, body: schemas.MemberUpdate, actor: CurrentActor, session: Writing
) -> schemas.Member:
    """Give a member another role, none above one's own."""
    return _show(*members.change_role(session, actor, project_id, user_id, body.role))


@router.delete(
    "/projects/{project_id}/members/{user_id}",
    operation_id="members.remove",
    status_code=204,
    responses=problems(ProjectNotFound, UserNotFound, RoleTooHigh, members.LastOwner),
)
def remove_member(project_id: UUID, user_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Take somebody out of the project."""
    members.remove(session, actor, project_id, user_id)


@router.post(
    "/projects/{project_id}/leave",
    operation_id="members.leave",
    status_code=204,
    responses=problems(ProjectNotFound, UserNotFound, members.LastOwner),
)
def leave(project_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Leave the project oneself, in whatever role; its only owner stays."""
    members.leave(session, actor, project_id)


@router.post(
    "/projects/{project_id}/transfer",
    operation_id="members.transfer",
    responses=problems(ProjectNotFound, UserNotFound, members.AlreadyOwner),
)
def transfer(project_id: UUID, body: schemas.Handover, actor: CurrentActor, session: Writing) -> list[schemas.Member]:
    """Make a member an owner in one's own place, and become a manager; answers with all members."""
    members.hand_over(session, actor, project_id, body.user_id)
    return [_show(*row) for row in repository.members(session, project_id)]


@router.post(
    "/projects/{project_id}/invitations",
    operation_id="invitations.create",
    status_code=201,
    responses=problems(ProjectNotFound, RoleTooHigh),
)
def invite(
    project_id: UUID,
    actor: CurrentActor,
    session: Writing,
    services: Services,
    body: schemas.InvitationCreate | None = None,
) -> schemas.InvitationLink:
    """Make a link with which one person can join within a week, as an annotator unless another role is named."""
    service.get(session, actor, project_id)
    role = (body or schemas.InvitationCreate()).role
    token, link = invitations.invite(session, actor, project_id, role)
    url = f"{services.settings.effective_url}/invitation#token={token}"
    return schemas.InvitationLink(id=link.id, url=url, role=role, expires_at=link.expires_at)


@router.get("/projects/{project_id}/invitations", operation_id="invitations.list", responses=problems(ProjectNotFound))
def list_invitations(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.OpenInvitation]:
    """List the invitations that nobody has used yet, newest first."""
    service.get(session, actor, project_id)
    return [
        schemas.OpenInvitation.model_validate(
            {
                "id": link.id,
                "role": link.role,
                "invited_by": name,
                "created_at": link.created_at,
                "expires_at": link.expires_at,
            }
        )
        for link, name in invitations.open_ones(session, project_id)
    ]


@router.delete(
    "/projects/{project_id}/invitations/{invitation_id}",
    operation_id="invitations.delete",
    status_code=204,
    responses=problems(ProjectNotFound, invitations.InvitationNotFound),
)
def withdraw_invitation(project_id: UUID, invitation_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Withdraw an invitation: its link stops working."""
    service.get(session, actor, project_id)
    invitations.withdraw(session, actor, project_id, invitation_id)


@router.get("/installation/projects", operation_id="installation.projects", responses=problems(AdminsOnly))
def list_installed(actor: CurrentActor, session: Reading) -> list[schemas.InstalledProject]:
    """List every project with its owners, and nothing of what is in it; for administrators."""
    return [
        schemas.InstalledProject(
            id=project.id,
            name=project.name,
            owners=[user.name for user in people if user.disabled_at is None],
            members=count,
            is_member=is_member,
            deleted_at=project.deleted_at,
            created_at=project.created_at,
        )
        for project, people, count, is_member in repository.installed(session, actor.user_id)
    ]


@router.post(
    "/installation/projects/{project_id}/take-over",
    operation_id="installation.take_over",
    responses=problems(AdminsOnly, ProjectNotFound, members.AlreadyOwner),
)
def take_over(project_id: UUID, body: schemas.TakeOver, actor: CurrentActor, session: Writing) -> dict[str, UUID]:
    """Become an owner of a project, for a reason that is kept with it; for administrators."""
    return {"project_id": members.take_over(session, actor, project_id, body.reason).id}


def _show(member: ProjectMember, user: User) -> schemas.Member:
    return schemas.Member.model_validate(
        {
            "user_id": user.id,
            "name": user.name,
            "email": user.email,
            "role": member.role,
            "is_disabled": user.disabled_at is not None,
            "since": member.created_at,
        }
    )
