import { LoadingState } from "../../../ui"
import { AppPicture } from "../security/AppPicture"
import { RecoveryCodes } from "../security/RecoveryCodes"
import { strings as security } from "../security/strings"
import { CodeForm } from "./CodeForm"
import type { useDoorConfirm, useDoorSetUp } from "./queries"

interface Props {
  setUp: ReturnType<typeof useDoorSetUp>
  confirm: ReturnType<typeof useDoorConfirm>
  onCode: (code: string) => void
  onDone: () => void
}

/** A second factor set up before the first sign-in with it, where everybody must have one. */
export function FirstSecondFactor({ setUp, confirm, onCode, onDone }: Props) {
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recovery_codes} onDone={onDone} />
  if (!setUp.data) return setUp.isError ? null : <LoadingState label={security.loading} />
  return (
    <>
      <AppPicture setup={setUp.data} />
      <CodeForm isBusy={confirm.isPending} onSubmit={onCode} hint={security.factor.firstCode} button={security.factor.confirm} />
    </>
  )
}
