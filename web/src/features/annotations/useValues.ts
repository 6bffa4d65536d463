import { useQueries } from "@tanstack/react-query"
import { useEffect } from "react"

import { api, unwrap } from "../../api/client"
import { key } from "../../api/keys"
import type { Attribute } from "../../api/shared"
import { withValues, type Values } from "../../canvas"
import { shownValue } from "../../ui"
import type { Question } from "./parts/ValueFields"
import type { ImageCard } from "./queries"
import type { Queued } from "./session/queue"
import type { LabelSession } from "./session/session"
import { strings } from "./strings"

interface Options {
  projectId: string
  session: LabelSession<ImageCard>
  attributes: readonly Attribute[]
  item: Queued<ImageCard> | null
  batchId: string | null
  /** Of the pictures that come next. */
  ahead: readonly string[]
}

const AHEAD = 2

/** What is asked of the picture on screen, and answered; not known until the server has said it. */
export function useValues({ projectId, session, attributes, item, batchId, ahead }: Options): { questions: Question[]; isKnown: boolean } {
  const asked = attributes.filter(({ subject }) => subject === "image")
  const id = item?.image.id
  const wanted = asked.length > 0 && id !== undefined ? [...new Set([id, ...ahead.slice(0, AHEAD + 1)])] : []
  const found = useQueries({
    queries: wanted.map((image_id) => ({
      queryKey: key(projectId, "annotations", "values", image_id, batchId),
      queryFn: () => unwrap(api.GET("/api/v1/images/{image_id}/annotation", { params: { path: { image_id }, query: batchId ? { batch_id: batchId } : {} } })),
      gcTime: 60_000,
    })),
  })
  useEffect(() => {
    for (const { data } of found) {
      if (data && session.valuesOf(data.image_id) === undefined) session.learn(data.image_id, { answer: data.answer, class_id: data.class_id, attributes: data.attributes as Values }, data.revision)
    }
  })
  const values = id === undefined ? undefined : session.valuesOf(id)
  const answer = (name: string, value: Values[string] | undefined) => {
    if (!item || !values) return
    session.describe(item, withValues(values, { [name]: value }), strings.values.said(name, shownValue(value)))
  }
  const questions = asked.map((attribute): Question => ({ attribute, answers: [values?.[attribute.name]], answer: (value) => answer(attribute.name, value) }))
  return { questions, isKnown: values !== undefined }
}
