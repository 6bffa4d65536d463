import { ActionIcon, Button, ColorSwatch, Group, Kbd, Stack, Text } from "@mantine/core"
import { IconEye, IconEyeOff } from "@tabler/icons-react"

import type { ProjectClass } from "../../../api/shared"
import { ValueChips } from "../../../ui"
import classes from "./adjudicate.module.css"
import { colorOf, type Opinion } from "./authors"
import { strings } from "./strings"
import { inWords } from "./words"

interface Props {
  opinions: readonly Opinion[]
  choices: readonly ProjectClass[]
  isDrawn: boolean
  chosen: number
  hidden: ReadonlySet<number>
  isBusy: boolean
  onChoose: (at: number) => void
  onShow: (at: number) => void
  onTake: (at: number) => void
  onEdit: (at: number) => void
}

/** Who said what; each can be taken as it is, and where objects are drawn shown, hidden and corrected. */
export function OpinionList({ opinions, choices, isDrawn, chosen, hidden, isBusy, onChoose, onShow, onTake, onEdit }: Props) {
  return (
    <Stack gap="xs" data-testid="opinions">
      {opinions.map((opinion, at) => (
        <div key={opinion.author_id} className={classes.person} data-chosen={at === chosen || undefined} onClick={() => onChoose(at)}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Group gap={8} wrap="nowrap" miw={0}>
              {isDrawn && <ColorSwatch color={colorOf(at)} size={12} withShadow={false} />}
              <Text fw={600} truncate>
                {opinion.author_name}
              </Text>
            </Group>
            {isDrawn && (
              <ActionIcon size="sm" variant="subtle" color="gray" aria-pressed={!hidden.has(at)} aria-label={hidden.has(at) ? strings.show(opinion.author_name) : strings.hide(opinion.author_name)} title={`${hidden.has(at) ? strings.show(opinion.author_name) : strings.hide(opinion.author_name)} (Shift+${at + 1})`} onClick={() => onShow(at)}>
                {hidden.has(at) ? <IconEyeOff size={16} /> : <IconEye size={16} />}
              </ActionIcon>
            )}
          </Group>
          <Text>{inWords(opinion, choices)}</Text>
          {Object.keys(opinion.attributes).length > 0 && <ValueChips values={opinion.attributes as Record<string, string | number | boolean>} none="" />}
          <Group gap="xs" mt={6}>
            <Button size="compact-sm" variant={at === chosen ? "filled" : "light"} loading={isBusy && at === chosen} onClick={() => onTake(at)} aria-label={strings.takeOf(opinion.author_name)} rightSection={at < 9 && <Kbd size="xs">{at + 1}</Kbd>}>
              {strings.take}
            </Button>
            {isDrawn && (
              <Button size="compact-sm" variant="default" onClick={() => onEdit(at)} aria-label={strings.editOf(opinion.author_name)} rightSection={at === chosen && <Kbd size="xs">E</Kbd>}>
                {strings.edit}
              </Button>
            )}
          </Group>
        </div>
      ))}
    </Stack>
  )
}
