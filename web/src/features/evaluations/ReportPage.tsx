import { Button, Card, Stack } from "@mantine/core"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { useProject } from "../../api/shared"
import { Barred, CardTitle, EmptyState, ErrorState, LinkButton, LoadingState, PageHeader } from "../../ui"
import { CellDrawer, type OpenCell } from "./CellDrawer"
import { ClassTable } from "./ClassTable"
import { CompareCard } from "./CompareCard"
import { ConfusionCard } from "./ConfusionCard"
import { Headline } from "./Headline"
import { NextCard } from "./NextCard"
import { useEvaluation, useMeasure, useModel } from "./queries"
import { strings } from "./strings"
import { TrustCard } from "./TrustCard"

interface Props {
  projectId: string
  modelId: string
  other: string | null
  onOther: (modelId: string | null) => void
}

/** How good a model is, in words first and in figures after, and what to do about it. */
export function ReportPage({ projectId, modelId, other, onOther }: Props) {
  const model = useModel(projectId, modelId)
  const evaluation = useEvaluation(projectId, modelId)
  const project = useProject(projectId).data
  const wish = project?.settings.wish_accuracy
  const may: readonly string[] = project?.may ?? []
  const mayNotMeasure = useWhyNot(projectId, "train")
  const measure = useMeasure(projectId, modelId)
  const [cell, setCell] = useState<OpenCell | null>(null)
  if (model.isPending || evaluation.isPending) return <LoadingState label={strings.loading} />
  if (model.isError) return <ErrorState error={model.error} onRetry={() => void model.refetch()} />
  const header = (
    <PageHeader
      title={strings.model(model.data.number)}
      about={strings.versionOf(model.data.version_number)}
      actions={
        <>
          {may.includes("export") && (
            <Button variant="default" component="a" href={`/api/v1/models/${modelId}/download`} download>
              {strings.download}
            </Button>
          )}
          {may.includes("deploy") && (
            <LinkButton to="/projects/$projectId/deployments" params={{ projectId }} search={{ model: modelId }}>
              {strings.deploy}
            </LinkButton>
          )}
        </>
      }
    />
  )
  if (evaluation.isError) {
    return (
      <Stack>
        {header}
        <EmptyState
          title={strings.notMeasured}
          text={evaluation.error.message}
          action={
            <Barred why={mayNotMeasure}>
              <Button loading={measure.isPending} onClick={() => measure.mutate()}>
                {strings.measure}
              </Button>
            </Barred>
          }
        />
      </Stack>
    )
  }
  const { report } = evaluation.data
  const names = new Map(report.classes.map((entry) => [entry.class_id, entry.name]))
  const nameOf = (id: string) => names.get(id) ?? "?"
  return (
    <Stack>
      {header}
      <Headline model={model.data} evaluation={evaluation.data} wish={wish} />
      <NextCard projectId={projectId} evaluation={evaluation.data} nameOf={nameOf} onOpen={setCell} />
      <Card withBorder>
        <CardTitle>{strings.perClass}</CardTitle>
        <ClassTable classes={report.classes} onOpen={(id) => setCell({ truth: id, wrong: true })} />
      </Card>
      <ConfusionCard report={report} onOpen={setCell} />
      <TrustCard report={report} />
      <CompareCard projectId={projectId} modelId={modelId} other={other} onOther={onOther} />
      <CellDrawer projectId={projectId} evaluationId={evaluation.data.id} cell={cell} onClose={() => setCell(null)} nameOf={nameOf} />
    </Stack>
  )
}
