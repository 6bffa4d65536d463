import { Alert, Badge, Button, Card, Group, Modal, Stack, Text, Title } from "@mantine/core"
import { useState } from "react"

import { doneToast, moment } from "../../../ui"
import { ProofForm } from "./ProofForm"
import { useRemove, useRenewCodes, type Security } from "./queries"
import { RecoveryCodes } from "./RecoveryCodes"
import { SetUpDialog } from "./SetUpDialog"
import { strings } from "./strings"

const { factor } = strings
const FEW = 3

type Open = "set-up" | "remove" | "renew" | null

/** The second factor: what it is, whether it is on, and the ways to change that. */
export function SecondFactorCard({ security }: { security: Security }) {
  const [open, setOpen] = useState<Open>(null)
  const since = security.second_factor_since
  const close = () => setOpen(null)
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between">
          <Group gap="xs">
            <Title order={2}>{factor.title}</Title>
            <Badge variant="light" color={since ? undefined : "gray"}>
              {since ? factor.on : factor.off}
            </Badge>
            {security.is_second_factor_required && <Badge variant="light">{factor.required}</Badge>}
          </Group>
          {security.has_password && !since && <Button onClick={() => setOpen("set-up")}>{factor.setUp}</Button>}
        </Group>
        <Text c="dimmed">{about(security)}</Text>
        {since && security.recovery_codes_left < FEW && <Alert color="brass">{factor.few}</Alert>}
        {since && (
          <Group gap="xs">
            <Button variant="default" onClick={() => setOpen("renew")}>
              {factor.renew}
            </Button>
            {!security.is_second_factor_required && (
              <Button variant="subtle" color="clay" onClick={() => setOpen("remove")}>
                {factor.remove}
              </Button>
            )}
          </Group>
        )}
      </Stack>
      {open === "set-up" && <SetUpDialog onClose={close} />}
      {open === "remove" && <RemoveDialog onClose={close} />}
      {open === "renew" && <RenewDialog onClose={close} />}
    </Card>
  )
}

function about(security: Security): string {
  if (security.second_factor_since) return factor.onAbout(moment(security.second_factor_since), security.recovery_codes_left)
  return security.has_password ? factor.about : factor.noPassword(security.provider)
}

function RemoveDialog({ onClose }: { onClose: () => void }) {
  const remove = useRemove()
  const done = () => {
    onClose()
    doneToast(factor.removed)
  }
  return (
    <Modal opened onClose={onClose} title={factor.removeTitle}>
      <ProofForm
        about={factor.removeAbout}
        button={factor.remove}
        color="clay"
        needsCode
        isBusy={remove.isPending}
        error={remove.error}
        onSubmit={(given) => remove.mutate(given, { onSuccess: done })}
        onCancel={onClose}
      />
    </Modal>
  )
}

function RenewDialog({ onClose }: { onClose: () => void }) {
  const renew = useRenewCodes()
  const codes = renew.data?.recovery_codes
  return (
    <Modal opened onClose={onClose} title={factor.renew} closeOnClickOutside={false} closeOnEscape={!codes} withCloseButton={!codes}>
      {codes ? (
        <RecoveryCodes codes={codes} onDone={onClose} />
      ) : (
        <ProofForm
          about={factor.renewAbout}
          button={factor.renew}
          needsCode
          isBusy={renew.isPending}
          error={renew.error}
          onSubmit={(given) => renew.mutate(given)}
          onCancel={onClose}
        />
      )}
    </Modal>
  )
}
