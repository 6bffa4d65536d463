import { Button, PasswordInput, Stack, TextInput } from "@mantine/core"
import type { FormEvent } from "react"

import { strings } from "./strings"

export interface Registration {
  name: string
  email: string
  password: string
}

interface Props {
  button: string
  isBusy: boolean
  onSubmit: (values: Registration) => void
}

/** Name, address and password of a new account. */
export function RegistrationForm({ button, isBusy, onSubmit }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onSubmit(Object.fromEntries(new FormData(event.currentTarget)) as unknown as Registration)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput name="name" label={strings.name} autoComplete="name" required autoFocus maxLength={100} />
        <TextInput name="email" label={strings.email} type="email" autoComplete="username" required />
        <PasswordInput name="password" label={strings.password} description={strings.passwordHint} autoComplete="new-password" required />
        <Button type="submit" loading={isBusy} mt="xs">
          {button}
        </Button>
      </Stack>
    </form>
  )
}
