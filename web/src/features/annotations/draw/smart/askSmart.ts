/** What the smart tool asks of the API. */

import { api, unwrap, type Schemas } from "../../../../api/client"
import type { SmartPrompt } from "../../../../canvas"

export type Readiness = Schemas["SmartReadiness"]
export type Answer = Schemas["SmartAnswer"]

const path = (image_id: string) => ({ path: { image_id } })

export function findThing(imageId: string, { box, clicks }: SmartPrompt, prepare: boolean, signal: AbortSignal): Promise<Answer> {
  const body = {
    box: box && [box.x1, box.y1, box.x2, box.y2],
    clicks: clicks.map(({ at, isPositive }) => ({ x: at.x, y: at.y, positive: isPositive })),
    prepare,
  }
  return unwrap(api.POST("/api/v1/images/{image_id}/smart", { params: path(imageId), body, signal }))
}

export async function findPath(imageId: string, from: { x: number; y: number }, to: { x: number; y: number }, signal: AbortSignal): Promise<number[]> {
  const body = { anchor: { x: from.x, y: from.y }, target: { x: to.x, y: to.y } }
  const answer = await unwrap(api.POST("/api/v1/images/{image_id}/smart/path", { params: path(imageId), body, signal }))
  return answer.points
}

export const prepareImage = (imageId: string): Promise<Readiness> => unwrap(api.POST("/api/v1/images/{image_id}/smart/prepare", { params: path(imageId) }))

export const stopJob = (job_id: string) => unwrap(api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id } } }))
