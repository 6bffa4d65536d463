import { useRef, useState } from "react"

import type { ProjectClass } from "../../../api/shared"
import { useActions as useKeys } from "../../../keymap"
import { doneToast, undoToast } from "../../../ui"
import { useChangeClass, useUndoChangeClass, type ClassStep } from "../classSteps"
import { useDeleteImages, useLabelMany, useRestoreImages, useUnlabelMany, type Changed, type Saying } from "../queries"
import { strings } from "../strings"
import type { Having } from "./BulkBar"
import { Past } from "./past"

interface Wishes {
  classes: readonly ProjectClass[]
  chosen: ReadonlySet<string>
  having: Having
  onDeleted: (gone: ReadonlySet<string>) => void
}

/** Labelling and deleting what is chosen; each step can be taken back. */
export function useActions(projectId: string, { classes, chosen, having, onDeleted }: Wishes) {
  const label = useLabelMany(projectId)
  const unlabel = useUnlabelMany(projectId)
  const remove = useDeleteImages(projectId)
  const restore = useRestoreImages(projectId)
  const change = useChangeClass(projectId)
  const undoChange = useUndoChangeClass(projectId)
  const steps = useRef<(() => void)[]>([])
  const [past] = useState(() => new Past())
  const tookBack = (changed: readonly Changed[], restored: readonly Changed[]) => {
    past.tookBack(changed, restored)
    doneToast(strings.undone)
  }

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
    const back = (changed: readonly Changed[]) => unlabel.mutate({ changed, nowAt: past.nowAt }, { onSuccess: (restored) => tookBack(changed, restored) })
    label.mutate({ ids, saying }, { onSuccess: (changed) => offer(strings.labelled(changed.length, name ?? strings.noAnswer), () => back(changed)) })
  }
  const changeClass = (step: ClassStep) => {
    const ids = [...chosen]
    if (ids.length === 0) return
    const name = classes.find((entry) => entry.id === step.classId)?.name ?? ""
    change.mutate(
      { ids, step },
      {
        onSuccess: (changed) => {
          const waiting = changed.filter(({ previous }) => previous.answer === "none").length
          const message = step.change === "add" ? strings.classAdded(changed.length, name, waiting) : strings.classRemoved(changed.length, name)
          if (changed.length === 0) doneToast(message)
          else offer(message, () => undoChange.mutate({ changed, step, nowAt: past.nowAt }, { onSuccess: (restored) => tookBack(changed, restored) }))
        },
      },
    )
  }
  const classAt = (code: string) => classes[(Number(code.slice(-1)) + 9) % 10]
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
    ...(having !== "none" && {
      digits: (event) => {
        const entry = classAt(event.code)
        if (entry && having === "one") say({ answer: "class", class_id: entry.id })
        else if (entry) changeClass({ classId: entry.id, change: "add" })
      },
    }),
    ...(having === "many" && {
      takeDigits: (event) => {
        const entry = classAt(event.code)
        if (entry) changeClass({ classId: entry.id, change: "remove" })
      },
    }),
    doesNotBelong: () => say({ answer: "does_not_belong" }),
    notSure: () => say({ answer: "not_sure" }),
    noLabel: () => say({ answer: "none" }),
    remove: removeAll,
    undo: () => steps.current[steps.current.length - 1]?.(),
  })
  return { say, change: changeClass, remove: removeAll, isBusy: change.isPending || undoChange.isPending || label.isPending || remove.isPending || unlabel.isPending || restore.isPending }
}
