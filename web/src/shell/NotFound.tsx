import { Button } from "@mantine/core"
import { Link } from "@tanstack/react-router"

import { EmptyState } from "../ui"
import { strings } from "./strings"

export function NotFound() {
  return (
    <EmptyState
      title={strings.notFoundTitle}
      text={strings.notFound}
      action={
        <Button component={Link} to="/">
          {strings.toProjects}
        </Button>
      }
    />
  )
}
