import { useEffect, useRef, useState } from "react"

const SHOWN_MS = 2000

/** Copies text; over plain http from another machine the browser has no clipboard, but can copy what is selected. */
export async function copyText(text: string): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard) {
    return clipboard.writeText(text).then(
      () => true,
      () => copySelected(text),
    )
  }
  return copySelected(text)
}

function copySelected(text: string): boolean {
  const before = document.activeElement as HTMLElement | null
  const field = document.createElement("textarea")
  field.value = text
  field.style.position = "fixed"
  field.style.opacity = "0"
  document.body.append(field)
  field.select()
  const worked = document.execCommand("copy")
  field.remove()
  before?.focus()
  return worked
}

/** A function that copies, and whether it just did. */
export function useCopy(text: string): { copy: () => void; copied: boolean } {
  const [copied, setCopied] = useState(false)
  const timer = useRef<number | undefined>(undefined)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const copy = () => {
    void copyText(text).then((worked) => {
      setCopied(worked)
      window.clearTimeout(timer.current)
      timer.current = window.setTimeout(() => setCopied(false), SHOWN_MS)
    })
  }
  return { copy, copied }
}
