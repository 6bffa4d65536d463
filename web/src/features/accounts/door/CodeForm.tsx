import { Button, Stack, TextInput } from "@mantine/core"
import type { FormEvent, ReactNode } from "react"

import { strings } from "./strings"

interface Props {
  isBusy: boolean
  onSubmit: (code: string) => void
  hint?: string
  button?: string
  children?: ReactNode
}

/** A code of the authenticator app. */
export function CodeForm({ isBusy, onSubmit, hint = strings.codeHint, button = strings.enter, children }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    onSubmit(String(new FormData(event.currentTarget).get("code")))
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          name="code"
          label={strings.code}
          description={hint}
          autoComplete="one-time-code"
          inputMode="text"
          autoCapitalize="off"
          spellCheck={false}
          required
          autoFocus
          maxLength={60}
        />
        <Button type="submit" loading={isBusy} mt="xs">
          {button}
        </Button>
        {children}
      </Stack>
    </form>
  )
}
