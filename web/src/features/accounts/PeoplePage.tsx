export function PeoplePage(props: Record<string, unknown>) {
  void props
  return null
}
