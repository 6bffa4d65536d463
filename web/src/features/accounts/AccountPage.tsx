export function AccountPage(props: Record<string, unknown>) {
  void props
  return null
}
