import { createFileRoute } from "@tanstack/react-router"

export const Route = createFileRoute("/projects/$projectId/images")({ component: () => null })
