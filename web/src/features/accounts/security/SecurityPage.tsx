import { Alert, Stack } from "@mantine/core"

import { ErrorState, LinkAnchor, LoadingState, PageHeader } from "../../../ui"
import { problemText } from "../door/strings"
import { ProviderCard } from "./ProviderCard"
import { useSecurity } from "./queries"
import { SecondFactorCard } from "./SecondFactorCard"
import { SessionsCard } from "./SessionsCard"
import { strings } from "./strings"

/** How one's own account is kept safe: second factor, sign-in by the provider, open browsers. */
export function SecurityPage({ problem }: { problem?: string }) {
  const security = useSecurity()
  const wrong = problemText(problem)
  return (
    <Stack gap="lg" maw="60rem">
      <PageHeader title={strings.title} about={strings.about} above={<LinkAnchor to="/account">{strings.back}</LinkAnchor>} />
      {wrong && (
        <Alert color="clay" variant="light" role="alert">
          {wrong}
        </Alert>
      )}
      {security.isPending && <LoadingState label={strings.loading} />}
      {security.isError && <ErrorState error={security.error} onRetry={() => void security.refetch()} />}
      {security.data && (
        <>
          <SecondFactorCard security={security.data} />
          {security.data.provider && <ProviderCard security={security.data} name={security.data.provider} />}
          <SessionsCard />
        </>
      )}
    </Stack>
  )
}
