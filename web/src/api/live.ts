/** One event stream for the open project: what changes elsewhere is fetched again, and jobs move by themselves. */

import { useQueryClient, type QueryClient } from "@tanstack/react-query"
import { useEffect, useState } from "react"

import { globalKeys, key, withFollowers } from "./keys"
import type { Job } from "./shared"

const GATHER_MS = 1000

interface Jobs {
  items: Job[]
  next_cursor: string | null
}

/** Puts a job where lists and single views find it. */
export function placeJob(client: QueryClient, projectId: string, job: Job): void {
  client.setQueryData(globalKeys.job(job.id), job)
  client.setQueryData<Jobs>(key(projectId, "jobs", "list"), (jobs) => jobs && { ...jobs, items: withJob(jobs.items, job) })
}

export function withJob(jobs: readonly Job[], job: Job): Job[] {
  const isKnown = jobs.some((entry) => entry.id === job.id)
  return isKnown ? jobs.map((entry) => (entry.id === job.id ? job : entry)) : [job, ...jobs]
}

/** Listens to a project. Returns whether the stream stands. */
export function useLive(projectId: string): boolean {
  const client = useQueryClient()
  const [isLive, setLive] = useState(true)
  useEffect(() => {
    const stream = new EventSource(`/api/v1/projects/${projectId}/events`)
    const waiting = new Set<string>()
    let timer: number | undefined
    let wasDown = false
    const flush = () => {
      timer = undefined
      const topics = withFollowers([...waiting])
      waiting.clear()
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "project" && queryKey[1] === projectId && topics.has(String(queryKey[2])) && queryKey[3] !== "grid" })
      void client.invalidateQueries({ queryKey: globalKeys.projects })
      if (topics.has("notifications")) void client.invalidateQueries({ queryKey: globalKeys.notifications })
      if (topics.has("batches")) void client.invalidateQueries({ queryKey: globalKeys.work })
    }
    const gather = (topics: readonly string[]) => {
      topics.forEach((topic) => waiting.add(topic))
      timer ??= window.setTimeout(flush, GATHER_MS)
    }
    stream.addEventListener("job", (event) => {
      const job = JSON.parse(event.data as string) as Job
      placeJob(client, projectId, job)
      if (job.finished_at !== null) gather(["status", "jobs", "images", ...(job.kind.startsWith("assist.suggest") ? ["suggestions"] : [])])
    })
    stream.addEventListener("change", (event) => gather((JSON.parse(event.data as string) as { topics: string[] }).topics))
    stream.onopen = () => {
      setLive(true)
      if (wasDown) gather(["images", "annotations", "batches", "suggestions", "versions", "runs", "models", "deployments", "classes", "jobs", "members", "issues", "guidelines", "notifications"])
      wasDown = false
    }
    stream.onerror = () => {
      wasDown = true
      setLive(false)
      // Refused, and not only cut off: signed out, or no member any more. Whatever is shown asks again and says so.
      if (stream.readyState === EventSource.CLOSED) void client.invalidateQueries()
    }
    return () => {
      stream.close()
      window.clearTimeout(timer)
    }
  }, [client, projectId])
  return isLive
}
