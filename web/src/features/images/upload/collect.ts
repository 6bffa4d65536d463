/** Files out of a drop or a file dialog, with the folders they lie in. */

export interface Picked {
  /** With its folders: `apples/IMG_1.jpg`. */
  name: string
  file: File
}

const IGNORED = /(^|\/)(\.[^/]*|__MACOSX(\/.*)?|Thumbs\.db|desktop\.ini)$/i

/** Whether a file is the operating system's own and not the person's. */
export function isIgnored(name: string): boolean {
  return IGNORED.test(name) || name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX")
}

export function fromInput(files: FileList | null): Picked[] {
  return [...(files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file })).filter(({ name }) => !isIgnored(name))
}

/** Walks dropped folders. The entries must be taken from the event at once; the walking may take its time. */
export async function fromDrop(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return fromInput(transfer.files)
  const found: Picked[] = []
  for (const entry of entries) await walk(entry, "", found)
  return found
}

async function walk(entry: FileSystemEntry, folder: string, found: Picked[]): Promise<void> {
  const name = folder + entry.name
  if (isIgnored(name)) return
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    found.push({ name, file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (batch.length === 0) return
    for (const child of batch) await walk(child, `${name}/`, found)
  }
}

/** The folders that the files lie in directly: what would become classes. */
export function foldersOf(picked: readonly Picked[]): string[] {
  const folders = new Set<string>()
  for (const { name } of picked) {
    const parts = name.split("/")
    if (parts.length > 1) folders.add(parts[parts.length - 2] ?? "")
  }
  return [...folders].sort()
}

/** Whether files are among them in which other tools keep boxes and outlines. */
export function mayHoldLabels(picked: readonly Picked[]): boolean {
  return picked.some(({ name }) => /\.(json|xml|ya?ml)$/i.test(name))
}
