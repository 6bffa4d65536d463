import { Card, SimpleGrid, Text, Title } from "@mantine/core"

import type { Batch } from "../../api/batches"
import { thumbnailUrl } from "../../api/images"
import { ErrorState, LinkAnchor, LoadingState, percent, Stat } from "../../ui"
import styles from "./batches.module.css"
import { useAudit } from "./queries"
import { strings } from "./strings"

/** How many suggestions that people took unchanged were wrong, and the pictures where others say otherwise. */
export function AuditCard({ batch }: { batch: Batch }) {
  const found = useAudit(batch.project_id, batch.id)
  if (found.isPending) return <LoadingState label={strings.loading} />
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  const { error_rate, interval, wrong, judged, done, drawn, left_out, differing } = found.data
  const hint = interval ? `${strings.detail.auditOf(wrong, judged)}, ${strings.detail.auditBetween(interval[0] ?? 0, interval[1] ?? 1)}` : strings.detail.auditNone
  return (
    <Card padding="lg" data-testid="audit">
      <Title order={2} mb="xs">
        {strings.detail.auditTitle}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Stat label={strings.detail.auditRate} value={error_rate === null ? "–" : percent(error_rate, 1)} hint={hint} />
        <Stat label={strings.detail.auditDone} value={`${done.toLocaleString("en")} / ${drawn.toLocaleString("en")}`} />
        {left_out > 0 && <Stat label={strings.detail.auditLeftOut} value={left_out.toLocaleString("en")} hint={strings.detail.auditLeftOutHint} />}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 2, sm: 3, md: 5 }} mt="md">
        {differing.map(({ image, accepted, said }) => (
          <LinkAnchor key={image.id} className={styles.picture} to="/projects/$projectId/images" params={{ projectId: batch.project_id }} search={{ image: image.id }}>
            <img src={thumbnailUrl(image.id)} alt={image.name} loading="lazy" />
            <Text size="xs">{strings.detail.auditDiffer(accepted, said)}</Text>
          </LinkAnchor>
        ))}
      </SimpleGrid>
    </Card>
  )
}
