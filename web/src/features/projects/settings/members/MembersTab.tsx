import { Anchor, Card, Stack, Text, Title } from "@mantine/core"
import { Link } from "@tanstack/react-router"

import { useProject } from "../../../../api/shared"
import { LoadingState } from "../../../../ui"
import { strings } from "../strings"
import { Bring } from "./Bring"
import { Members } from "./Members"
import { OpenInvitations } from "./OpenInvitations"
import { RoleTable } from "./RoleTable"

/** Who belongs to a project and in which role, and how others come in. */
export function MembersTab({ projectId }: { projectId: string }) {
  const project = useProject(projectId).data
  if (!project) return <LoadingState label={strings.loading} />
  const canManage = project.may.includes("manage_members")
  return (
    <Stack>
      <Card padding="lg">
        <Title order={2}>{strings.members}</Title>
        <Text c="dimmed" mb="sm">
          {strings.membersHint}
        </Text>
        <Members project={project} />
      </Card>
      {canManage && <Bring project={project} />}
      {canManage && <OpenInvitations projectId={projectId} />}
      <Card padding="lg">
        <Title order={2} mb="sm">
          {strings.rolesTitle}
        </Title>
        <RoleTable own={project.role} />
      </Card>
      <Text size="sm" c="dimmed">
        {strings.tokens}{" "}
        <Anchor component={Link} to="/account" size="sm">
          {strings.tokensLink}
        </Anchor>
        .
      </Text>
    </Stack>
  )
}
