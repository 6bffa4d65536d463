import { Button, PasswordInput, Stack, TextInput } from "@mantine/core"
import type { FormEvent } from "react"

import { strings } from "../strings"

export interface Credentials {
  email: string
  password: string
}

/** Address and password. */
export function PasswordForm({ isBusy, onSubmit }: { isBusy: boolean; onSubmit: (given: Credentials) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    onSubmit({ email: String(values.get("email")), password: String(values.get("password")) })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput name="email" label={strings.email} type="email" autoComplete="username" required autoFocus />
        <PasswordInput name="password" label={strings.password} autoComplete="current-password" required />
        <Button type="submit" loading={isBusy} mt="xs">
          {strings.signIn}
        </Button>
      </Stack>
    </form>
  )
}
