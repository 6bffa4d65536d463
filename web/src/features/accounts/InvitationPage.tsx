import { Anchor, Button } from "@mantine/core"
import { Link, useNavigate } from "@tanstack/react-router"

import { withArticle } from "../../api/roles"
import { useSession, useSignInMethods } from "../../api/shared"
import { LoadingState } from "../../ui"
import { ProviderButton } from "./door/ProviderButton"
import { DoorCard } from "./DoorCard"
import { useAccept, useInvitation, useJoin } from "./queries"
import { RegistrationForm } from "./RegistrationForm"
import { strings } from "./strings"

/** A link by which somebody joins a project, with a new account or with theirs. */
export function InvitationPage({ token }: { token: string }) {
  const navigate = useNavigate()
  const invitation = useInvitation(token)
  const user = useSession().data?.user
  const accept = useAccept(token)
  const join = useJoin(token)
  const methods = useSignInMethods().data
  const here = `/invitation#token=${token}`
  const projectId = invitation.data?.project_id
  const enter = () => void navigate({ to: projectId ? `/projects/${projectId}` : "/", replace: true })
  if (invitation.isPending && token !== "") {
    return (
      <DoorCard title={strings.inviteTitle(null)} about={strings.checking}>
        <LoadingState label={strings.checking} />
      </DoorCard>
    )
  }
  if (!invitation.data) {
    return (
      <DoorCard title={strings.inviteTitle(null)} about="" error={invitation.error ?? new Error(strings.inviteNoToken)}>
        <Anchor component={Link} to="/sign-in">
          {strings.toSignIn}
        </Anchor>
      </DoorCard>
    )
  }
  const { project_name: project, invited_by: by, role } = invitation.data
  return (
    <DoorCard title={strings.inviteTitle(project)} about={strings.inviteAbout(by, role && withArticle(role))} error={accept.error}>
      {user ? (
        <Button loading={join.isPending} onClick={() => join.mutate(undefined, { onSuccess: enter })}>
          {strings.inviteJoin(user.name)}
        </Button>
      ) : (
        <>
          {methods?.provider && <ProviderButton name={methods.provider} next={here} isFirst={methods.password} />}
          {methods?.password !== false && <RegistrationForm button={strings.inviteButton} isBusy={accept.isPending} onSubmit={(values) => accept.mutate(values, { onSuccess: enter })} />}
          <Anchor href={`/sign-in?next=${encodeURIComponent(here)}`} size="sm">
            {strings.inviteHaveAccount}
          </Anchor>
        </>
      )}
    </DoorCard>
  )
}
