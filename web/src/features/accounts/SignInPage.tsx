import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core"
import { useRouter } from "@tanstack/react-router"
import type { FormEvent } from "react"

import { useSession } from "../../api/shared"
import { DoorCard } from "./DoorCard"
import { useSignIn } from "./queries"
import { strings } from "./strings"

export function SignInPage({ next }: { next: string }) {
  const router = useRouter()
  const signIn = useSignIn()
  const session = useSession()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    signIn.mutate(
      { email: String(values.get("email")), password: String(values.get("password")) },
      { onSuccess: () => router.history.push(next) },
    )
  }
  return (
    <DoorCard title={strings.signInTitle} about={strings.signInAbout} error={signIn.error ?? session.error}>
      {session.data?.needs_setup && <Alert color="brass">{strings.needsSetup}</Alert>}
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput name="email" label={strings.email} type="email" autoComplete="username" required autoFocus />
          <PasswordInput name="password" label={strings.password} autoComplete="current-password" required />
          <Button type="submit" loading={signIn.isPending} mt="xs">
            {strings.signIn}
          </Button>
        </Stack>
      </form>
    </DoorCard>
  )
}
