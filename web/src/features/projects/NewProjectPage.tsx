export function NewProjectPage(props: Record<string, unknown>) {
  void props
  return null
}
