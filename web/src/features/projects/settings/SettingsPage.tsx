export function SettingsPage(props: Record<string, unknown>) {
  void props
  return null
}
