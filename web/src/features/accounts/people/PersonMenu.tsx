import { ActionIcon, Menu } from "@mantine/core"
import { IconDots, IconKeyOff, IconLock, IconLockOpen, IconShieldCheck, IconShieldOff } from "@tabler/icons-react"
import { useState } from "react"

import type { Schemas } from "../../../api/client"
import { describe, isProblem } from "../../../api/problem"
import { doneToast, errorToast, undoToast } from "../../../ui"
import { useResetSecondFactor, useUpdatePerson } from "../queries"
import { strings } from "../strings"
import { SuccessorDialog } from "./SuccessorDialog"

interface Props {
  person: Schemas["Person"]
  people: readonly Schemas["Person"][]
  isMe: boolean
}

/** Closing and opening an account, and who is an administrator. */
export function PersonMenu({ person, people, isMe }: Props) {
  const update = useUpdatePerson()
  const closing = useUpdatePerson({ quiet: true })
  const reset = useResetSecondFactor()
  const [alone, setAlone] = useState<string[] | null>(null)
  const others = people.filter((entry) => entry.id !== person.id && entry.disabled_at === null)
  const isLastAdmin = person.is_admin && !others.some((entry) => entry.is_admin)
  const open = () => update.mutate({ userId: person.id, disabled: false })
  const close = () =>
    closing.mutate(
      { userId: person.id, disabled: true },
      {
        onSuccess: () => undoToast(strings.closedToast(person.name), open),
        onError: (error) => {
          if (isProblem(error, "projects-left-alone")) setAlone((error.body.projects as { name: string }[]).map((project) => project.name))
          else errorToast(describe(error))
        },
      },
    )
  const setAdmin = (isAdmin: boolean) =>
    update.mutate({ userId: person.id, is_admin: isAdmin }, { onSuccess: () => doneToast((isAdmin ? strings.adminGiven : strings.adminTaken)(person.name)) })
  if (isLastAdmin) return null
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={strings.moreAbout(person.name)} loading={update.isPending || closing.isPending}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {person.disabled_at ? (
            <Menu.Item leftSection={<IconLockOpen size={16} />} onClick={open}>
              {strings.open}
            </Menu.Item>
          ) : (
            <>
              <Menu.Item leftSection={person.is_admin ? <IconShieldOff size={16} /> : <IconShieldCheck size={16} />} onClick={() => setAdmin(!person.is_admin)}>
                {person.is_admin ? strings.takeAdmin : strings.makeAdmin}
              </Menu.Item>
              {!isMe && person.has_second_factor && (
                <Menu.Item leftSection={<IconKeyOff size={16} />} onClick={() => reset.mutate(person.id, { onSuccess: () => doneToast(strings.factorReset(person.name)) })}>
                  {strings.resetFactor}
                </Menu.Item>
              )}
              {!isMe && (
                <Menu.Item leftSection={<IconLock size={16} />} c="var(--mantine-color-error)" onClick={close}>
                  {strings.close}
                </Menu.Item>
              )}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {alone && <SuccessorDialog person={person} projects={alone} others={others} onClose={() => setAlone(null)} />}
    </>
  )
}
