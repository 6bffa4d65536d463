import { createFileRoute } from "@tanstack/react-router"

import { AdjudicatePage } from "../features/annotations/adjudicate/AdjudicatePage"

interface Search {
  /** The picture that is looked at; without it the first that waits. */
  image?: string
  /** Whether the answer is being drawn. */
  edit?: true
}

export const Route = createFileRoute("/projects/$projectId/batches/$batchId_/decide")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    ...(typeof search.image === "string" ? { image: search.image } : {}),
    ...(search.edit === true ? { edit: true as const } : {}),
  }),
  component: Decide,
})

function Decide() {
  const { projectId, batchId } = Route.useParams()
  const { image, edit } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <AdjudicatePage
      key={batchId}
      projectId={projectId}
      batchId={batchId}
      imageId={image ?? null}
      isEditing={edit ?? false}
      onView={({ imageId, isEditing }) => void navigate({ search: { ...(imageId ? { image: imageId } : {}), ...(isEditing ? { edit: true as const } : {}) } })}
    />
  )
}
