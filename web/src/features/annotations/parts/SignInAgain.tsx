import { Alert, Button, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core"
import { useState, type FormEvent } from "react"

import { strings } from "../strings"

interface Props {
  isOpen: boolean
  kept: number
  email: string
  onClose: () => void
  /** Returns whether it worked. */
  onSignIn: (email: string, password: string) => Promise<boolean>
}

/** Signing in again without leaving the page: what is kept here is sent afterwards. */
export function SignInAgain({ isOpen, kept, email, onClose, onSignIn }: Props) {
  const [address, setAddress] = useState(email)
  const [password, setPassword] = useState("")
  const [isWrong, setWrong] = useState(false)
  const [isBusy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    const worked = await onSignIn(address, password).catch(() => false)
    setBusy(false)
    setWrong(!worked)
    setPassword("")
    if (worked) onClose()
  }

  return (
    <Modal opened={isOpen} onClose={onClose} title={strings.signInAgain}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text size="sm">{strings.signInKept(kept)}</Text>
          {isWrong && <Alert color="red">{strings.wrongPassword}</Alert>}
          <TextInput label={strings.email} value={address} type="email" required onChange={(event) => setAddress(event.currentTarget.value)} />
          <PasswordInput label={strings.password} value={password} required data-autofocus onChange={(event) => setPassword(event.currentTarget.value)} />
          <Button type="submit" loading={isBusy}>
            {strings.signIn}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
