import { createFileRoute } from "@tanstack/react-router"

import { GoldPage } from "../features/gold/GoldPage"

export const Route = createFileRoute("/projects/$projectId/batches/gold")({ component: Page })

function Page() {
  return <GoldPage projectId={Route.useParams().projectId} />
}
