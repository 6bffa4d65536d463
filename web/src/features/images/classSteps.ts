/** One class more, or one less, for many pictures that may have any number of them; each step can be taken back. */

import { useMutation, useQueryClient } from "@tanstack/react-query"

import { api, unwrap } from "../../api/client"
import { at, inBatches, patchCards, refresh, type Changed } from "./queries"

export interface ClassStep {
  classId: string
  change: "add" | "remove"
}

const inverse = ({ classId, change }: ClassStep): ClassStep => ({ classId, change: change === "add" ? "remove" : "add" })

/** Shows the step in the cards that are loaded. */
function usePatch(projectId: string) {
  const client = useQueryClient()
  return (changed: readonly Changed[], { classId, change }: ClassStep) => {
    const revisions = new Map(changed.map((entry) => [entry.image_id, entry.revision]))
    patchCards(client, projectId, (card) => {
      const revision = revisions.get(card.id)
      if (revision === undefined) return card
      const others = card.classes.filter((id) => id !== classId)
      return { ...card, classes: change === "add" ? [...others, classId] : others, answer: card.answer && { ...card.answer, revision } }
    })
    refresh(client, projectId)
  }
}

/** Gives many pictures a class, or takes it from them. */
export function useChangeClass(projectId: string) {
  const patch = usePatch(projectId)
  return useMutation({
    mutationFn: async ({ ids, step }: { ids: readonly string[]; step: ClassStep }) => {
      const body = { class_id: step.classId, change: step.change }
      const answers = await inBatches(ids, (image_ids) => unwrap(api.POST("/api/v1/projects/{project_id}/annotations/classes", { params: at(projectId), body: { ...body, image_ids } })))
      return answers.flatMap(({ changed }) => changed)
    },
    onSuccess: (changed, { step }) => patch(changed, step),
  })
}

/** Takes such a step back: `changed` names the pictures, the revision after the step, and the one that they have now. */
export function useUndoChangeClass(projectId: string) {
  const patch = usePatch(projectId)
  return useMutation({
    mutationFn: async ({ changed, nowAt }: { changed: readonly Changed[]; step: ClassStep; nowAt: (entry: Changed) => number }) => {
      const answers = await inBatches(changed, (part) => {
        const items = part.map((entry) => ({ image_id: entry.image_id, revision: nowAt(entry), to: entry.revision - 1 }))
        return unwrap(api.POST("/api/v1/projects/{project_id}/annotations/classes/restore", { params: at(projectId), body: { items } }))
      })
      return answers.flatMap((answer) => answer.changed)
    },
    onSuccess: (changed, { step }) => patch(changed, inverse(step)),
  })
}
