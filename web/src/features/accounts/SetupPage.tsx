import { Alert, Anchor } from "@mantine/core"
import { Link, useNavigate } from "@tanstack/react-router"

import { useSession } from "../../api/shared"
import { DoorCard } from "./DoorCard"
import { useSetup } from "./queries"
import { RegistrationForm } from "./RegistrationForm"
import { strings } from "./strings"

/** The first account of an installation. */
export function SetupPage({ token }: { token: string }) {
  const navigate = useNavigate()
  const setup = useSetup()
  const session = useSession()
  const isDone = session.data?.needs_setup === false && !setup.isSuccess
  if (isDone || token === "") {
    return (
      <DoorCard title={strings.setupTitle} about={isDone ? strings.setupDone : ""} error={session.error}>
        {!isDone && <Alert color="brass">{strings.setupNoToken}</Alert>}
        <Anchor component={Link} to="/sign-in">
          {strings.toSignIn}
        </Anchor>
      </DoorCard>
    )
  }
  return (
    <DoorCard title={strings.setupTitle} about={strings.setupAbout} error={setup.error}>
      <RegistrationForm
        button={strings.setupButton}
        isBusy={setup.isPending}
        onSubmit={(values) => setup.mutate({ ...values, token }, { onSuccess: () => void navigate({ to: "/", replace: true }) })}
      />
    </DoorCard>
  )
}
