export function SetupPage(props: Record<string, unknown>) {
  void props
  return null
}
