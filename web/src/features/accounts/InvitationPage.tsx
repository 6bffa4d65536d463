export function InvitationPage(props: Record<string, unknown>) {
  void props
  return null
}
