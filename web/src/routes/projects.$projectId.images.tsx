import { createFileRoute } from "@tanstack/react-router"

export const Route = createFileRoute("/projects/$projectId/images")({ validateSearch: (search): { image?: string } => search, component: () => null })
