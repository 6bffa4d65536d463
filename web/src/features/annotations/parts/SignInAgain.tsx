import { Alert, Button, Divider, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core"
import { useState, type FormEvent } from "react"

import { describe, isProblem } from "../../../api/problem"
import { useSignInMethods } from "../../../api/shared"
import type { SignIn } from "../queries"
import { strings } from "../strings"

interface Props {
  isOpen: boolean
  kept: number
  email: string
  onClose: () => void
  /** Signs in, or (null) looks whether that happened in another tab; returns whether one is in, or throws what went wrong. */
  onSignIn: (given: SignIn | null) => Promise<boolean>
}

/** Signing in again without leaving the page: what is kept here is sent afterwards. */
export function SignInAgain({ isOpen, kept, onClose, ...rest }: Props) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={strings.signInAgain}>
      <Stack>
        <Text size="sm">{strings.signInKept(kept)}</Text>
        <Ways onClose={onClose} {...rest} />
      </Stack>
    </Modal>
  )
}

function Ways({ email, onClose, onSignIn }: Omit<Props, "isOpen" | "kept">) {
  const methods = useSignInMethods().data
  const [address, setAddress] = useState(email)
  const [password, setPassword] = useState("")
  const [code, setCode] = useState("")
  const [needsCode, setNeedsCode] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)

  async function attempt(given: SignIn | null) {
    setBusy(true)
    setWrong(null)
    try {
      if (await onSignIn(given)) onClose()
      else setWrong(strings.notInYet)
    } catch (error) {
      if (isProblem(error, "second-factor-needed")) setNeedsCode(true)
      else setWrong(isProblem(error, "sign-in-failed") ? strings.wrongPassword : describe(error))
      if (isProblem(error, "sign-in-failed")) setPassword("")
    }
    setCode("")
    setBusy(false)
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    void attempt({ email: address, password, code: needsCode ? code : null })
  }

  return (
    <>
      {wrong && (
        <Alert color="clay" variant="light" role="alert">
          {wrong}
        </Alert>
      )}
      {methods?.provider && <ByProvider name={methods.provider} isBusy={isBusy} onReturn={() => void attempt(null)} />}
      {methods?.provider && methods.password && <Divider label={strings.or} />}
      {methods?.password !== false && (
        <form onSubmit={submit}>
          <Stack>
            <TextInput label={strings.email} value={address} type="email" required onChange={(event) => setAddress(event.currentTarget.value)} />
            <PasswordInput label={strings.password} value={password} required data-autofocus onChange={(event) => setPassword(event.currentTarget.value)} />
            {needsCode && (
              <TextInput
                label={strings.code}
                description={strings.codeHint}
                value={code}
                autoComplete="one-time-code"
                required
                autoFocus
                maxLength={60}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
            )}
            <Button type="submit" loading={isBusy}>
              {strings.signIn}
            </Button>
          </Stack>
        </form>
      )}
    </>
  )
}

/** The way to the provider in another tab, so that nothing here is lost, and back. */
function ByProvider({ name, isBusy, onReturn }: { name: string; isBusy: boolean; onReturn: () => void }) {
  const [isAway, setAway] = useState(false)
  return isAway ? (
    <Button variant="default" loading={isBusy} onClick={onReturn}>
      {strings.backFromProvider}
    </Button>
  ) : (
    <Button component="a" variant="default" href="/api/v1/session/provider/start" target="_blank" rel="noreferrer" onClick={() => setAway(true)}>
      {strings.byProvider(name)}
    </Button>
  )
}
