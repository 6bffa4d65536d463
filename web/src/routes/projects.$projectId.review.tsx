import { createFileRoute, useNavigate } from "@tanstack/react-router"

import { ReviewPage } from "../features/annotations/review/ReviewPage"

interface Search {
  /** The batch that is reviewed; without it all of the project. */
  batch?: string
  /** One review that is looked at again. */
  review?: string
}

export const Route = createFileRoute("/projects/$projectId/review")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...(typeof search.batch === "string" ? { batch: search.batch } : {}),
    ...(typeof search.review === "string" ? { review: search.review } : {}),
  }),
  component: Review,
})

function Review() {
  const { projectId } = Route.useParams()
  const { batch, review } = Route.useSearch()
  const navigate = useNavigate({ from: Route.fullPath })
  return <ReviewPage key={`${projectId} ${batch}`} projectId={projectId} batchId={batch ?? null} reviewId={review ?? null} onLeave={() => void navigate({ search: batch ? { batch } : {} })} />
}
