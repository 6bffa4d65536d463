import { ActionIcon, Group, Indicator, Kbd, Tooltip } from "@mantine/core"
import { IconBook2, IconMessage2 } from "@tabler/icons-react"

import { isNews, useGuidelines } from "../api/talk"
import { strings } from "./strings"
import type { Talk } from "./useTalk"

/** Opens what is said about the picture, and how it is to be labelled; says how much there is, and what is new. */
export function TalkButtons({ projectId, talk }: { projectId: string; talk: Talk }) {
  const news = useGuidelines(projectId).data?.filter(isNews).length ?? 0
  const open = talk.issues.filter((issue) => issue.state === "open").length
  return (
    <Group gap={10} wrap="nowrap" mr={6}>
      <Tooltip label={<>{strings.issues} {talk.keys.comment && <Kbd size="xs">{talk.keys.comment}</Kbd>}</>}>
        <Indicator label={open} size={16} disabled={open === 0} color="brass.5" styles={{ indicator: { color: "#1d1a17", fontWeight: 700 } }}>
          <ActionIcon variant={talk.tab === "issues" ? "light" : "subtle"} color={talk.tab === "issues" ? undefined : "gray"} aria-label={strings.issues} aria-pressed={talk.tab === "issues"} onClick={() => talk.show(talk.tab === "issues" ? null : "issues")}>
            <IconMessage2 size={18} aria-hidden />
          </ActionIcon>
        </Indicator>
      </Tooltip>
      <Tooltip label={<>{news > 0 ? strings.newsTitle(news) : strings.guidelines} {talk.keys.guidelines && <Kbd size="xs">{talk.keys.guidelines}</Kbd>}</>}>
        <Indicator size={9} disabled={news === 0} color="clay" processing={news > 0}>
          <ActionIcon variant={talk.tab === "guidelines" ? "light" : "subtle"} color={talk.tab === "guidelines" ? undefined : "gray"} aria-label={news > 0 ? strings.newsTitle(news) : strings.guidelines} aria-pressed={talk.tab === "guidelines"} data-testid="guidelines-beside" onClick={() => talk.show(talk.tab === "guidelines" ? null : "guidelines")}>
            <IconBook2 size={18} aria-hidden />
          </ActionIcon>
        </Indicator>
      </Tooltip>
    </Group>
  )
}
