import { Badge, Button, Card, Group, Stack, Text, Title, UnstyledButton } from "@mantine/core"
import { IconBook2, IconHistory, IconPencil } from "@tabler/icons-react"
import { useState } from "react"

import { useWhyNot } from "../../api/roles"
import { useClasses, type ProjectClass } from "../../api/shared"
import { isNews, useGuidelines, type Guideline } from "../../api/talk"
import { Guide } from "../../talk"
import { Barred, ClassDot, EmptyState, ErrorState, LoadingState, PageHeader } from "../../ui"
import { GuideEditor } from "./GuideEditor"
import { strings as all } from "./strings"
import styles from "./talkPages.module.css"
import { Versions } from "./Versions"

const strings = all.guides

interface Props {
  projectId: string
  /** A class; null: the project as a whole. */
  about: string | null
  onShow: (about: string | null) => void
}

/** Guidelines of the project and of each class: read, written, and their older versions. */
export function GuidelinesPage({ projectId, about, onShow }: Props) {
  const guidelines = useGuidelines(projectId)
  const classes = useClasses(projectId)
  const error = guidelines.error ?? classes.error
  if (error) return <ErrorState error={error} onRetry={() => void guidelines.refetch()} />
  if (!guidelines.data || !classes.data) return <LoadingState label={all.loading} />
  const chosen = classes.data.find((entry) => entry.id === about) ?? null
  const of = (classId: string | null) => guidelines.data.find((entry) => entry.class_id === classId) ?? null
  return (
    <Stack gap="lg">
      <PageHeader title={strings.title} about={strings.about} />
      <div className={styles.guides}>
        <Stack gap={2} component="nav" aria-label={strings.title}>
          <About name={strings.project} guideline={of(null)} isChosen={chosen === null} onClick={() => onShow(null)} />
          {classes.data.map((entry) => (
            <About key={entry.id} name={entry.name} color={entry.color} guideline={of(entry.id)} isChosen={chosen?.id === entry.id} onClick={() => onShow(entry.id)} />
          ))}
        </Stack>
        <One key={chosen?.id ?? ""} projectId={projectId} chosen={chosen} guideline={of(chosen?.id ?? null)} />
      </div>
    </Stack>
  )
}

function About({ name, color, guideline, isChosen, onClick }: { name: string; color?: string; guideline: Guideline | null; isChosen: boolean; onClick: () => void }) {
  return (
    <UnstyledButton className={styles.about} data-chosen={isChosen || undefined} aria-current={isChosen || undefined} onClick={onClick}>
      {color ? <ClassDot color={color} /> : <IconBook2 size={14} aria-hidden />}
      <Text size="sm" truncate flex={1} fw="inherit" c={guideline ? undefined : "dimmed"}>
        {name}
      </Text>
      {guideline && isNews(guideline) && <Badge size="xs" circle color="clay" title={strings.news} aria-label={strings.news} />}
    </UnstyledButton>
  )
}

function One({ projectId, chosen, guideline }: { projectId: string; chosen: ProjectClass | null; guideline: Guideline | null }) {
  const [mode, setMode] = useState<"read" | "write" | "versions">("read")
  const mayNot = useWhyNot(projectId, "manage_guidelines")
  const name = chosen?.name ?? strings.project
  if (mode === "write") return <GuideEditor projectId={projectId} classId={chosen?.id ?? null} name={name} guideline={guideline} onClose={() => setMode("read")} />
  return (
    <Card padding="lg" data-testid="guideline">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{name}</Title>
        <Group gap="xs">
          {guideline && (
            <Button size="xs" variant={mode === "versions" ? "light" : "default"} leftSection={<IconHistory size={14} aria-hidden />} onClick={() => setMode(mode === "versions" ? "read" : "versions")}>
              {strings.versions}
            </Button>
          )}
          <Barred why={mayNot}>
            <Button size="xs" leftSection={<IconPencil size={14} aria-hidden />} onClick={() => setMode("write")}>
              {guideline ? strings.edit : strings.write}
            </Button>
          </Barred>
        </Group>
      </Group>
      {mode === "versions" && guideline ? (
        <Versions projectId={projectId} current={guideline} mayNot={mayNot} onDone={() => setMode("read")} />
      ) : guideline ? (
        <Guide projectId={projectId} guideline={guideline} />
      ) : (
        <EmptyState icon={<IconBook2 size={28} stroke={1.5} />} title={strings.none} text={mayNot === null ? strings.noneText : strings.noneMayNot} />
      )}
    </Card>
  )
}
