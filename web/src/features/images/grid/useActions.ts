import { useRef } from "react"

import type { ProjectClass } from "../../../api/shared"
import { useActions as useKeys } from "../../../keymap"
import { doneToast, undoToast } from "../../../ui"
import { useDeleteImages, useLabelMany, useRestoreImages, useUnlabelMany, type Changed, type Saying } from "../queries"
import { strings } from "../strings"

interface Wishes {
  classes: readonly ProjectClass[]
  chosen: ReadonlySet<string>
  /** Pictures have one class each, so that a class can be said of many at once. */
  isWhole: boolean
  onDeleted: (gone: ReadonlySet<string>) => void
}

/** Labelling and deleting what is chosen; each step can be taken back. */
export function useActions(projectId: string, { classes, chosen, isWhole, onDeleted }: Wishes) {
  const label = useLabelMany(projectId)
  const unlabel = useUnlabelMany(projectId)
  const remove = useDeleteImages(projectId)
  const restore = useRestoreImages(projectId)
  const steps = useRef<(() => void)[]>([])

  const offer = (message: string, back: () => void) => {
    const once = () => {
      const place = steps.current.indexOf(once)
      if (place === -1) return
      steps.current.splice(place, 1)
      back()
    }
    steps.current.push(once)
    undoToast(message, once)
  }
  const say = (saying: Saying) => {
    const ids = [...chosen]
    if (ids.length === 0) return
    const name = saying.answer === "class" ? classes.find((entry) => entry.id === saying.class_id)?.name : strings.answers[saying.answer]
    const back = (changed: readonly Changed[]) => unlabel.mutate(changed, { onSuccess: () => doneToast(strings.undone) })
    label.mutate({ ids, saying }, { onSuccess: (changed) => offer(strings.labelled(changed.length, name ?? strings.noAnswer), () => back(changed)) })
  }
  const removeAll = () => {
    const ids = [...chosen]
    if (ids.length === 0) return
    remove.mutate(ids, {
      onSuccess: () => {
        onDeleted(new Set(ids))
        offer(strings.deleted(ids.length), () => restore.mutate(ids, { onSuccess: () => doneToast(strings.undone) }))
      },
    })
  }
  useKeys("images", {
    ...(isWhole && {
      digits: (event) => {
        const digit = Number(event.code.slice(-1))
        const entry = classes[digit === 0 ? 9 : digit - 1]
        if (entry) say({ answer: "class", class_id: entry.id })
      },
    }),
    doesNotBelong: () => say({ answer: "does_not_belong" }),
    notSure: () => say({ answer: "not_sure" }),
    noLabel: () => say({ answer: "none" }),
    remove: removeAll,
    undo: () => steps.current[steps.current.length - 1]?.(),
  })
  return { say, remove: removeAll, isBusy: label.isPending || remove.isPending || unlabel.isPending || restore.isPending }
}
