import { Button, Group, Text, Title } from "@mantine/core"
import { IconFolderOpen, IconPhotoPlus } from "@tabler/icons-react"
import { type ReactNode, useEffect, useRef, useState } from "react"

import styles from "../images.module.css"
import { strings } from "../strings"
import { fromDrop, fromInput, type Picked } from "./collect"

/** The whole window takes files; an overlay says so while they hover. */
export function useWindowDrop(onFiles: (picked: Picked[]) => void): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    let depth = 0
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return
      depth += 1
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const over = (event: DragEvent) => hasFiles(event) && event.preventDefault()
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      void fromDrop(event.dataTransfer).then(onFiles)
    }
    window.addEventListener("dragenter", enter)
    window.addEventListener("dragleave", leave)
    window.addEventListener("dragover", over)
    window.addEventListener("drop", drop)
    return () => {
      window.removeEventListener("dragenter", enter)
      window.removeEventListener("dragleave", leave)
      window.removeEventListener("dragover", over)
      window.removeEventListener("drop", drop)
    }
  }, [onFiles])
  return isOver
}

export function DropOverlay() {
  return <div className={styles.overlay}>{strings.dropHere}</div>
}

/** What opens the browser's dialogs for files and for a folder. */
export interface FileDialogs {
  files: () => void
  folder: () => void
}

/**
 * The two hidden inputs behind every button that adds pictures, and what opens them.
 * They stay while the buttons come and go, so that what was chosen in an open dialog always arrives.
 */
export function useFileDialogs(onFiles: (picked: Picked[]) => void): { inputs: ReactNode; dialogs: FileDialogs } {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement) => {
    const picked = fromInput(input.files)
    input.value = ""
    if (picked.length > 0) onFiles(picked)
  }
  const inputs = (
    <>
      <input ref={files} type="file" multiple hidden data-testid="choose-files" onChange={(event) => take(event.currentTarget)} />
      <input ref={folder} type="file" multiple hidden data-testid="choose-folder" onChange={(event) => take(event.currentTarget)} {...{ webkitdirectory: "" }} />
    </>
  )
  return { inputs, dialogs: { files: () => files.current?.click(), folder: () => folder.current?.click() } }
}

/** Buttons for those who would rather choose than drag. */
export function AddButtons({ dialogs, isQuiet = false }: { dialogs: FileDialogs; isQuiet?: boolean }) {
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconFolderOpen size={16} aria-hidden />} onClick={dialogs.folder}>
        {isQuiet ? strings.addFolder : strings.folder}
      </Button>
      <Button leftSection={<IconPhotoPlus size={16} aria-hidden />} onClick={dialogs.files}>
        {isQuiet ? strings.add : strings.files}
      </Button>
    </Group>
  )
}

/** The first thing that an empty project shows. */
export function DropZone({ dialogs, whyNot }: { dialogs: FileDialogs; whyNot: string | null }) {
  return (
    <div className={styles.drop} data-testid="drop-zone">
      <IconPhotoPlus size={44} stroke={1.3} color="var(--my-accent)" aria-hidden />
      <Title order={2}>{strings.dropTitle}</Title>
      <Text c="dimmed" maw="32rem">
        {whyNot ?? strings.dropText}
      </Text>
      {whyNot === null && <AddButtons dialogs={dialogs} />}
    </div>
  )
}
