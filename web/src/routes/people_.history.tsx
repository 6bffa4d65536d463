import { createFileRoute } from "@tanstack/react-router"

import { readFilters, type Filters } from "../features/history/filters"
import { HistoryPage } from "../features/history/HistoryPage"
import { strings } from "../features/history/strings"
import { Frame } from "../shell/Frame"
import { LinkButton } from "../ui"

export const Route = createFileRoute("/people_/history")({
  validateSearch: (search): Filters => readFilters(search),
  component: History,
})

function History() {
  const filters = Route.useSearch()
  const navigate = Route.useNavigate()
  const back = (
    <LinkButton variant="default" to="/people">
      {strings.toPeople}
    </LinkButton>
  )
  return (
    <Frame>
      <HistoryPage scope={null} filters={filters} onFilters={(next) => void navigate({ search: next, replace: true })} action={back} />
    </Frame>
  )
}
