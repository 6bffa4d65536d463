import { Select, Stack, Text } from "@mantine/core"
import { useState } from "react"

import { useClasses } from "../api/shared"
import { isNews, useGuidelines } from "../api/talk"
import { ErrorState, LinkAnchor, LoadingState } from "../ui"
import { Guide } from "./Guide"
import { strings } from "./strings"

const PROJECT = "project"

/** The guidelines beside the picture: of the class that is meant just now, or of whatever is chosen. */
export function GuidesBeside({ projectId, classId }: { projectId: string; classId: string | null }) {
  const guidelines = useGuidelines(projectId)
  const classes = useClasses(projectId).data ?? []
  const [chosen, setChosen] = useState<{ value: string; of: string | null } | null>(null)
  if (guidelines.isPending) return <LoadingState label={strings.loading} />
  if (guidelines.isError) return <ErrorState error={guidelines.error} onRetry={() => void guidelines.refetch()} />
  const has = (id: string) => guidelines.data.some((entry) => (entry.class_id ?? PROJECT) === id)
  const meant = classId !== null && has(classId) ? classId : PROJECT
  // A choice counts until another class is meant.
  const value = chosen?.of === classId ? chosen.value : has(meant) ? meant : (guidelines.data[0]?.class_id ?? PROJECT)
  const found = guidelines.data.find((entry) => (entry.class_id ?? PROJECT) === value)
  const nameOf = (id: string | null) => (id === null ? strings.wholeProject : (classes.find((entry) => entry.id === id)?.name ?? ""))
  return (
    <Stack gap="sm">
      {guidelines.data.length > 0 && (
        <Select
          size="xs"
          aria-label={strings.about}
          allowDeselect={false}
          value={value}
          data={guidelines.data.map((entry) => ({ value: entry.class_id ?? PROJECT, label: `${nameOf(entry.class_id)}${isNews(entry) ? " •" : ""}` }))}
          onChange={(next) => next && setChosen({ value: next, of: classId })}
        />
      )}
      {found ? (
        <Guide key={`${value} ${found.number}`} projectId={projectId} guideline={found} />
      ) : (
        <Text size="sm" c="dimmed">
          {strings.noGuidelines} {strings.noGuidelinesHint}
        </Text>
      )}
      <LinkAnchor size="sm" to="/projects/$projectId/guidelines" params={{ projectId }}>
        {strings.open}
      </LinkAnchor>
    </Stack>
  )
}
