import { Alert, Button } from "@mantine/core"
import { useRouter } from "@tanstack/react-router"
import { useState } from "react"

import { isProblem } from "../../api/problem"
import { useSession, useSignInMethods } from "../../api/shared"
import { CodeForm } from "./door/CodeForm"
import { FirstSecondFactor } from "./door/FirstSecondFactor"
import { PasswordForm, type Credentials } from "./door/PasswordForm"
import { ProviderButton } from "./door/ProviderButton"
import { useDoorConfirm, useDoorSetUp, useForgetAll } from "./door/queries"
import { problemText, strings as door } from "./door/strings"
import { DoorCard } from "./DoorCard"
import { useSignIn } from "./queries"
import { strings } from "./strings"

type Step = "password" | "code" | "set-up"

/** The door: by password (with a code, or with a first app to set up) or by the provider. */
export function SignInPage({ next, problem }: { next: string; problem?: string }) {
  const router = useRouter()
  const session = useSession()
  const signIn = useSignIn()
  const setUp = useDoorSetUp()
  const confirm = useDoorConfirm()
  const forgetAll = useForgetAll()
  const [step, setStep] = useState<Step>("password")
  const [given, setGiven] = useState<Credentials>({ email: "", password: "" })
  const enter = () => router.history.push(next)
  const tryIn = (credentials: Credentials, code?: string) => {
    setGiven(credentials)
    signIn.mutate(
      { ...credentials, code },
      {
        onSuccess: enter,
        onError: (error) => {
          if (isProblem(error, "second-factor-needed")) setStep("code")
          if (isProblem(error, "second-factor-setup-needed")) {
            setStep("set-up")
            setUp.mutate(credentials)
          }
        },
      },
    )
  }
  const again = () => {
    signIn.reset()
    setStep("password")
  }
  if (step === "set-up") {
    return (
      <DoorCard title={confirm.data ? door.codesTitle : door.setupTitle} about={confirm.data ? door.codesAbout : door.setupAbout} error={setUp.error ?? confirm.error}>
        <FirstSecondFactor
          setUp={setUp}
          confirm={confirm}
          onCode={(code) => confirm.mutate({ ...given, code })}
          onDone={() => {
            forgetAll()
            enter()
          }}
        />
      </DoorCard>
    )
  }
  if (step === "code") {
    const wrong = isProblem(signIn.error, "second-factor-needed") ? null : signIn.error
    return (
      <DoorCard title={strings.signInTitle} about={door.codeAbout} error={wrong}>
        <CodeForm isBusy={signIn.isPending} onSubmit={(code) => tryIn(given, code)}>
          <Button variant="subtle" onClick={again}>
            {door.otherAccount}
          </Button>
        </CodeForm>
      </DoorCard>
    )
  }
  return (
    <DoorCard title={strings.signInTitle} about={strings.signInAbout} error={signIn.error ?? session.error ?? asError(problem)}>
      {session.data?.needs_setup && <Alert color="brass">{strings.needsSetup}</Alert>}
      <Ways next={next} isBusy={signIn.isPending} onPassword={tryIn} />
    </DoorCard>
  )
}

/** What the installation offers: the provider, passwords, or both. */
function Ways({ next, isBusy, onPassword }: { next: string; isBusy: boolean; onPassword: (given: Credentials) => void }) {
  const methods = useSignInMethods().data
  const takesPasswords = methods?.password !== false
  return (
    <>
      {methods?.provider && <ProviderButton name={methods.provider} next={next} isFirst={takesPasswords} />}
      {takesPasswords && <PasswordForm isBusy={isBusy} onSubmit={onPassword} />}
    </>
  )
}

function asError(problem: string | undefined): Error | null {
  const text = problemText(problem)
  return text === null ? null : new Error(text)
}
