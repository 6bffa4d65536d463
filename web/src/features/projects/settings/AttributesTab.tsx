import { Card, Stack, Table, Text, Title } from "@mantine/core"
import { useState } from "react"

import { useAttributes, useClasses, type Attribute } from "../../../api/shared"
import { ErrorState, LoadingState } from "../../../ui"
import { useUpdateAttribute } from "../queries"
import { AddAttribute } from "./AddAttribute"
import { AttributeRow } from "./AttributeRow"
import { ChangesCard } from "./ChangesCard"
import { EndAttributeDialog } from "./EndAttributeDialog"
import { strings } from "./strings"

const { attributes: words } = strings

/** What else is asked of every object, and of every picture. */
export function AttributesTab({ projectId }: { projectId: string }) {
  const attributes = useAttributes(projectId)
  const classes = useClasses(projectId)
  const [ending, setEnding] = useState<Attribute | null>(null)
  if (attributes.isPending || classes.isPending) return <LoadingState label={strings.loading} />
  if (attributes.isError) return <ErrorState error={attributes.error} onRetry={() => void attributes.refetch()} />
  const className = (id: string | null) => classes.data?.find((entry) => entry.id === id)?.name ?? null
  const list = (subject: Attribute["subject"]) => attributes.data.filter((entry) => entry.subject === subject)
  return (
    <Stack>
      <Card padding="lg">
        <Title order={2}>{words.title}</Title>
        <Text c="dimmed" size="sm" mb="sm">
          {words.about}
        </Text>
        <AddAttribute projectId={projectId} classes={classes.data ?? []} />
      </Card>
      <Group projectId={projectId} title={words.ofObjects} empty={words.noneOfObjects} list={list("object")} className={className} onEnd={setEnding} />
      <Group projectId={projectId} title={words.ofPictures} empty={words.noneOfPictures} list={list("image")} className={className} onEnd={setEnding} />
      <ChangesCard projectId={projectId} />
      {ending && <EndAttributeDialog projectId={projectId} attribute={ending} onClose={() => setEnding(null)} />}
    </Stack>
  )
}

interface GroupProps {
  projectId: string
  title: string
  empty: string
  list: readonly Attribute[]
  className: (id: string | null) => string | null
  onEnd: (attribute: Attribute) => void
}

function Group({ projectId, title, empty, list, className, onEnd }: GroupProps) {
  const update = useUpdateAttribute(projectId)
  return (
    <Card padding="lg">
      <Title order={2} mb={4}>
        {title}
      </Title>
      {list.length === 0 && <Text c="dimmed">{empty}</Text>}
      <Table verticalSpacing={6} data-testid={`attributes-${title}`}>
        <Table.Tbody>
          {list.map((entry, index) => (
            <AttributeRow
              key={entry.id + entry.name + entry.choices.join("\n")}
              entry={entry}
              className={className(entry.class_id)}
              isFirst={index === 0}
              isLast={index === list.length - 1}
              onChange={(change) => update.mutate({ attributeId: entry.id, ...change })}
              onMove={(step) => update.mutate({ attributeId: entry.id, position: index + 1 + step })}
              onEnd={() => onEnd(entry)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
