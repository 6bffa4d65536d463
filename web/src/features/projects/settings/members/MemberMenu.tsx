import { ActionIcon, Button, Group, Menu, Modal, Text } from "@mantine/core"
import { IconCrown, IconDots, IconDoorExit, IconUserMinus } from "@tabler/icons-react"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"

import type { Schemas } from "../../../../api/client"
import type { Project } from "../../../../api/shared"
import { doneToast, undoToast } from "../../../../ui"
import { useAddMember, useHandOver, useLeave, useRemoveMember } from "../../queries"
import { strings } from "../strings"

interface Props {
  project: Project
  member: Schemas["Member"]
  isMe: boolean
  canRemove: boolean
  canLeave: boolean
}

/** Removing a member, handing the project over to them, or leaving it oneself. */
export function MemberMenu({ project, member, isMe, canRemove, canLeave }: Props) {
  const [asking, setAsking] = useState<"leave" | "hand over" | null>(null)
  const remove = useRemoveMember(project.id)
  const add = useAddMember(project.id)
  const canHandOver = project.role === "owner" && !isMe && !member.is_disabled && member.role !== "owner"
  const canGo = canRemove && !isMe
  if (!canGo && !canLeave && !canHandOver) return null
  const takeOut = () =>
    remove.mutate(member.user_id, { onSuccess: () => undoToast(strings.removed(member.name), () => add.mutate({ email: member.email, role: member.role })) })
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={strings.moreAbout(member.name)}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {canHandOver && (
            <Menu.Item leftSection={<IconCrown size={16} />} onClick={() => setAsking("hand over")}>
              {strings.handOver}
            </Menu.Item>
          )}
          {canLeave && (
            <Menu.Item leftSection={<IconDoorExit size={16} />} onClick={() => setAsking("leave")}>
              {strings.leave}
            </Menu.Item>
          )}
          {canGo && (
            <Menu.Item leftSection={<IconUserMinus size={16} />} c="var(--mantine-color-error)" onClick={takeOut}>
              {strings.removeMember}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asking !== null && <Ask project={project} member={member} what={asking} onClose={() => setAsking(null)} />}
    </>
  )
}

/** What cannot be taken back by oneself is asked about first. */
function Ask({ project, member, what, onClose }: { project: Project; member: Schemas["Member"]; what: "leave" | "hand over"; onClose: () => void }) {
  const navigate = useNavigate()
  const leave = useLeave(project.id)
  const handOver = useHandOver(project.id)
  const isLeaving = what === "leave"
  const go = () => {
    if (!isLeaving) {
      handOver.mutate(member.user_id, { onSuccess: () => doneToast(strings.handedOver(member.name)), onSettled: onClose })
      return
    }
    leave.mutate(undefined, {
      onSuccess: () => {
        doneToast(strings.left(project.name))
        void navigate({ to: "/" })
      },
      onError: onClose,
    })
  }
  return (
    <Modal opened onClose={onClose} title={isLeaving ? strings.leaveTitle : strings.handOverTitle(member.name)} centered>
      <Text>{isLeaving ? strings.leaveText : strings.handOverText(member.name)}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {strings.cancel}
        </Button>
        <Button color={isLeaving ? "clay" : undefined} onClick={go} loading={leave.isPending || handOver.isPending} data-autofocus>
          {isLeaving ? strings.leaveButton : strings.handOverButton}
        </Button>
      </Group>
    </Modal>
  )
}
