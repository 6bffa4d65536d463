export function ProjectHome(props: Record<string, unknown>) {
  void props
  return null
}
