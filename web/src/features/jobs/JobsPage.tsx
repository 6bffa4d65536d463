export function JobsPage(props: Record<string, unknown>) {
  void props
  return null
}
