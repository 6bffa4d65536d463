export function SignInPage(props: Record<string, unknown>) {
  void props
  return null
}
