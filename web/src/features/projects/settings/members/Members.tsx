import { Avatar, Badge, Table, Text } from "@mantine/core"

import { rolesUpTo, useRoles, withArticle, type Role } from "../../../../api/roles"
import { useSession, type Project } from "../../../../api/shared"
import type { Schemas } from "../../../../api/client"
import { doneToast, ErrorState, LoadingState } from "../../../../ui"
import { useMembers, useSetRole } from "../../queries"
import { strings } from "../strings"
import { MemberMenu } from "./MemberMenu"
import { RoleSelect } from "./RoleSelect"

type Member = Schemas["Member"]

/** The members with their roles; what the present person may not change is shown as text. */
export function Members({ project }: { project: Project }) {
  const members = useMembers(project.id)
  if (members.isPending) return <LoadingState label={strings.loading} />
  if (members.isError) return <ErrorState error={members.error} onRetry={() => void members.refetch()} />
  const owners = members.data.filter((member) => member.role === "owner" && !member.is_disabled)
  return (
    <Table verticalSpacing="xs" data-testid="members">
      <Table.Tbody>
        {members.data.map((member) => (
          <Row key={member.user_id} project={project} member={member} isLastOwner={owners.length === 1 && owners[0]?.user_id === member.user_id} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Row({ project, member, isLastOwner }: { project: Project; member: Member; isLastOwner: boolean }) {
  const isMe = useSession().data?.user?.id === member.user_id
  const roles = useRoles().data?.roles ?? []
  const set = useSetRole(project.id)
  const isWithin = rolesUpTo(roles, project.role).some((role) => role.name === member.role)
  const canChange = project.may.includes("manage_members") && isWithin
  const change = (role: Role) => set.mutate({ userId: member.user_id, role }, { onSuccess: () => doneToast(strings.nowRole(member.name, withArticle(role))) })
  return (
    <Table.Tr>
      <Table.Td w={50}>
        <Avatar name={member.name} size={32} color="pine" aria-hidden />
      </Table.Td>
      <Table.Td>
        <Text fw={600} component="div">
          {member.name}
          {isMe && (
            <Text span c="dimmed" fw={400}>
              {" "}
              ({strings.you})
            </Text>
          )}
          {member.is_disabled && (
            <Badge variant="light" color="gray" ml="xs">
              {strings.accountClosed}
            </Badge>
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {member.email}
        </Text>
      </Table.Td>
      <Table.Td w={160}>
        {canChange && !isLastOwner ? (
          <RoleSelect aria-label={strings.roleOf(member.name)} size="sm" value={member.role} upTo={project.role} onChange={change} disabled={set.isPending} />
        ) : (
          <Text size="sm" pl="sm">
            {strings.roleNames[member.role]}
          </Text>
        )}
      </Table.Td>
      <Table.Td w={50} ta="right">
        <MemberMenu project={project} member={member} isMe={isMe} canRemove={canChange && !isLastOwner} canLeave={isMe && !isLastOwner} />
      </Table.Td>
    </Table.Tr>
  )
}
