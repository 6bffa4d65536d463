import { Alert, Modal, Stack } from "@mantine/core"

import { describe } from "../../../api/problem"
import { CodeForm } from "../door/CodeForm"
import { AppPicture } from "./AppPicture"
import { ProofForm } from "./ProofForm"
import { useConfirm, useSetUp } from "./queries"
import { RecoveryCodes } from "./RecoveryCodes"
import { strings } from "./strings"

const { factor } = strings

/** Password, picture, first code, recovery codes: the way to a second factor. */
export function SetUpDialog({ onClose }: { onClose: () => void }) {
  const setUp = useSetUp()
  const confirm = useConfirm()
  const codes = confirm.data?.recovery_codes
  return (
    <Modal opened onClose={onClose} title={codes ? factor.codesTitle : factor.setUpTitle} closeOnClickOutside={false} closeOnEscape={!codes} withCloseButton={!codes}>
      {!setUp.data && (
        <ProofForm
          about={factor.passwordAbout}
          button={factor.next}
          isBusy={setUp.isPending}
          error={setUp.error}
          onSubmit={({ password }) => setUp.mutate(password)}
          onCancel={onClose}
        />
      )}
      {setUp.data && !codes && (
        <Stack>
          <AppPicture setup={setUp.data} />
          {confirm.error && (
            <Alert color="clay" variant="light" role="alert">
              {describe(confirm.error)}
            </Alert>
          )}
          <CodeForm isBusy={confirm.isPending} onSubmit={(code) => confirm.mutate(code)} hint={factor.firstCode} button={factor.confirm} />
        </Stack>
      )}
      {codes && <RecoveryCodes codes={codes} onDone={onClose} />}
    </Modal>
  )
}
