import { createFileRoute } from "@tanstack/react-router"

import { AgreementPage } from "../features/agreement/AgreementPage"

interface Search {
  /** The batch that is looked at; without it all of them. */
  batch?: string
  /** Whether the pictures are shown in which people differ: these people, or where these things were said. */
  pictures?: true
  people?: string[]
  said?: string[]
}

const words = (value: unknown) => (Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string").slice(0, 2) : [])

export const Route = createFileRoute("/projects/$projectId/batches/agreement")({
  validateSearch: (search: Record<string, unknown>): Search => {
    const [people, said] = [words(search.people), words(search.said)]
    return {
      ...(typeof search.batch === "string" ? { batch: search.batch } : {}),
      ...(search.pictures === true ? { pictures: true as const } : {}),
      ...(people.length > 0 ? { people } : {}),
      ...(said.length > 0 ? { said } : {}),
    }
  },
  component: Page,
})

function Page() {
  const { projectId } = Route.useParams()
  const { batch, pictures, people, said } = Route.useSearch()
  const navigate = Route.useNavigate()
  const own = batch ? { batch } : {}
  const open = pictures ? { ...(people ? { people } : {}), ...(said ? { said } : {}) } : null
  return (
    <AgreementPage
      projectId={projectId}
      batchId={batch ?? null}
      open={open}
      onBatch={(batchId) => void navigate({ search: batchId ? { batch: batchId } : {}, replace: true })}
      onOpen={(wanted) => void navigate({ search: wanted ? { ...own, pictures: true, ...(wanted.people ? { people: [...wanted.people] } : {}), ...(wanted.said ? { said: [...wanted.said] } : {}) } : own })}
    />
  )
}
