/** Choices of an attribute as somebody edits them. */

/** “old = new” typed among choices renames one of them, and values follow; null where nothing was renamed so. */
export function renamedChoice(before: readonly string[], next: readonly string[]): { choices: string[]; renamed_choices: Record<string, string> } | null {
  for (const typed of next) {
    const [old, name, ...more] = typed.split("=").map((part) => part.trim())
    if (!old || !name || more.length > 0 || before.includes(typed) || !before.includes(old) || before.includes(name)) continue
    return { choices: before.map((choice) => (choice === old ? name : choice)), renamed_choices: { [old]: name } }
  }
  return null
}
