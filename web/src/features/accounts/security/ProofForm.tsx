import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core"
import type { FormEvent } from "react"

import { describe } from "../../../api/problem"
import { strings } from "./strings"
import { strings as door } from "../door/strings"

interface Props {
  about: string
  button: string
  /** Whether a code of the second factor is asked for besides the password. */
  needsCode?: boolean
  color?: string
  isBusy: boolean
  error: unknown
  onSubmit: (given: { password: string; code: string }) => void
  onCancel: () => void
}

/** The password again, and a code where there is one, before something that opens the account. */
export function ProofForm({ about, button, needsCode = false, color, isBusy, error, onSubmit, onCancel }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    onSubmit({ password: String(values.get("password")), code: String(values.get("code") ?? "") })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{about}</Text>
        {error !== null && error !== undefined && (
          <Alert color="clay" variant="light" role="alert">
            {describe(error)}
          </Alert>
        )}
        <PasswordInput name="password" label={strings.factor.password} autoComplete="current-password" required data-autofocus />
        {needsCode && <TextInput name="code" label={door.code} description={door.codeHint} autoComplete="one-time-code" required maxLength={60} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {strings.factor.cancel}
          </Button>
          <Button type="submit" loading={isBusy} color={color}>
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
