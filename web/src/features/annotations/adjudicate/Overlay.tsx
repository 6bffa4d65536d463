import { Text } from "@mantine/core"
import { useEffect, useMemo, useState } from "react"

import { newId } from "../../../api/ids"
import type { ProjectClass } from "../../../api/shared"
import { Editor } from "../../../canvas"
import { ErrorState } from "../../../ui"
import { looksOf as looksOfClasses } from "../draw/looks"
import { decoded } from "../draw/useDrawing"
import type { ImageCard } from "../queries"
import classes from "./adjudicate.module.css"
import { idsOf, looksOf, overlaid, type Opinion } from "./authors"
import { strings } from "./strings"

interface Props {
  image: ImageCard
  opinions: readonly Opinion[]
  choices: readonly ProjectClass[]
  /** Whose drawings are not shown. */
  hidden: ReadonlySet<number>
  editor: Editor | null
  onEditor: (editor: Editor | null) => void
}

/** The picture with what everybody drew, to be looked at from near and far; nothing in it can be changed. */
export function Overlay({ image, opinions, choices, hidden, editor, onEditor }: Props) {
  const [host, setHost] = useState<HTMLElement | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const objects = useMemo(() => overlaid(opinions), [opinions])

  useEffect(() => {
    if (!host) return
    const made = new Editor(host, { ...looksOf(looksOfClasses(choices)), jointCountOf: () => 0, newId, onChange: () => undefined })
    onEditor(made)
    return () => {
      made.destroy()
      setOpened(null)
      onEditor(null)
    }
  }, [host, choices, onEditor])

  useEffect(() => {
    if (!editor) return
    let isGone = false
    decoded(image)
      .then((shown) => {
        if (isGone) return
        editor.open(shown, objects)
        editor.setTool("hand")
        setOpened(image.id)
        setError(null)
      })
      .catch((reason: unknown) => {
        if (!isGone) setError(reason instanceof Error ? reason : new Error(String(reason)))
      })
    return () => {
      isGone = true
    }
  }, [editor, image, objects])

  useEffect(() => {
    if (!editor || opened !== image.id) return
    const { board } = editor
    for (const at of opinions.keys()) {
      const wrong = idsOf(opinions, at).filter((id) => board.hidden.has(id) !== hidden.has(at))
      if (wrong.length > 0) board.toggle(board.hidden, wrong)
    }
  }, [editor, opened, image, opinions, hidden])

  return (
    <div className={classes.surface} data-testid="overlay" data-image-id={opened ?? undefined}>
      <div ref={setHost} tabIndex={0} className={classes.host} aria-label={image.name} />
      {opened !== image.id && <div className={classes.veil}>{error ? <ErrorState error={error} /> : <Text c="dimmed">{strings.loading}</Text>}</div>}
    </div>
  )
}
