export function ProjectsPage(props: Record<string, unknown>) {
  void props
  return null
}
