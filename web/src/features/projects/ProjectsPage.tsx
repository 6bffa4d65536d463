import { Button, SimpleGrid, Stack } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"

import { useProjects } from "../../api/shared"
import { EmptyState, ErrorState, LoadingState, PageHeader } from "../../ui"
import { ProjectCard } from "./ProjectCard"
import { strings } from "./strings"
import { YourWork } from "./YourWork"

export function ProjectsPage() {
  const projects = useProjects()
  const create = (
    <Button component={Link} to="/projects/new" leftSection={<IconPlus size={16} aria-hidden />}>
      {strings.create}
    </Button>
  )
  return (
    <Stack gap="lg" maw="84rem">
      <PageHeader title={strings.title} about={strings.about} actions={projects.data && projects.data.length > 0 ? create : null} />
      <YourWork />
      {projects.isPending && <LoadingState label={strings.loading} shape="cards" />}
      {projects.isError && <ErrorState error={projects.error} onRetry={() => void projects.refetch()} />}
      {projects.data?.length === 0 && <EmptyState title={strings.emptyTitle} text={strings.emptyText} action={create} />}
      <SimpleGrid cols={{ base: 2, lg: 3 }}>
        {projects.data?.map((project) => (
          <ProjectCard key={project.id} project={project} />
        ))}
      </SimpleGrid>
    </Stack>
  )
}
